import { expect, it } from "vitest";
import { createRoles } from "../../src/models/roles.js";

it("opens a model once for all roles and runs that name it", () => {
  const roles = createRoles({});
  expect(roles("large", "ollama:one")).toBe(roles("small", "ollama:one"));
});

it("does not keep every model that a run ever named, but those that were asked for last", async () => {
  const roles = createRoles({});
  const first = roles("small", "ollama:first");
  const used = roles("small", "ollama:used");
  for (let i = 0; i < 99; i++) {
    await roles("small", `ollama:${i}`);
    expect(roles("small", "ollama:used")).toBe(used);
  }
  expect(roles("small", "ollama:first")).not.toBe(first);
});

it("asks again for a model that could not be opened", async () => {
  const roles = createRoles({});
  const failed = roles("small", "nobody:knows");
  await expect(failed).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
  expect(roles("small", "nobody:knows")).not.toBe(failed);
});
