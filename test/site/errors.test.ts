import { expect, it } from "vitest";
import { errorCodes, errorsPage } from "../../docs/.vitepress/errors.js";
import { isCode } from "../../src/errors.js";

it("every error code has a heading, a cause and a remedy on its page", () => {
  const codes = errorCodes();
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter(({ code }) => !isCode(code))).toEqual([]);
  const page = errorsPage();
  for (const { code, cause, remedy } of codes)
    expect(page).toContain(`### ${code}\n\n${cause}\n\n**Remedy:** ${remedy}\n`);
});

it("a code without a cause or a remedy builds no page", () => {
  const source = (comment: string) => `const CODES = {\n${comment}\nDISK_FULL: "run" } as const;`;
  expect(() => errorCodes(source(""))).toThrow("the comment of DISK_FULL");
  expect(() => errorCodes(source("/** No space is left. */"))).toThrow("the comment of DISK_FULL");
  expect(errorCodes(source("/** No space is left. Remedy: Free some. */"))).toEqual([
    { code: "DISK_FULL", kind: "run", cause: "No space is left.", remedy: "Free some." },
  ]);
});
