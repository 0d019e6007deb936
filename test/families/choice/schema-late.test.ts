import { expect, test, vi } from "vitest";
import * as real from "../../../src/families/choice/bounded.js";
import { schemaChecker } from "../../../src/families/choice/schema.js";

vi.mock("../../../src/families/choice/bounded.js", async (original) => {
  const there = await original<typeof real>();
  return { ...there, bounded: vi.fn<typeof there.bounded>(there.bounded) };
});

test("a schema that was too slow once, on a busy machine, is tried again; what is wrong with one is remembered", () => {
  const schema = { type: "object", properties: { a: { type: "integer" } } };
  vi.mocked(real.bounded).mockReturnValueOnce(real.STOPPED);
  expect(schemaChecker(schema)).toMatch(/takes longer/);
  expect(schemaChecker(schema)).toMatchObject({ open: ["{"] });

  const wrong = { type: "objekt" };
  expect(schemaChecker(wrong)).toEqual(expect.any(String));
  const before = vi.mocked(real.bounded).mock.calls.length;
  expect(schemaChecker(wrong)).toEqual(expect.any(String));
  expect(vi.mocked(real.bounded).mock.calls).toHaveLength(before);
});
