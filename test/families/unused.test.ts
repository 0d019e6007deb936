import { expect, test } from "vitest";
import { z } from "zod";
import { families } from "../../src/families/index.js";
import { unusedField } from "../../src/families/unused.js";
import { plain } from "../support/plain-family.js";

const question = "Double a number.";
const unused = (family: Parameters<typeof unusedField>[0], given: Record<string, unknown>) =>
  unusedField(family, { question, ...given }, given);

test("a field that the task does not have is named, one that is left undefined is not", () => {
  expect(unused(families["code"]!(), { entryPoint: "double", test: ["assert True"] })).toBe("test");
  expect(unused(families["code"]!(), { entryPoint: "double", test: undefined })).toBeUndefined();
});

test("a field that a task takes in under another name counts", () => {
  const task = z
    .object({ question: z.string(), picture: z.string().default("none") })
    .transform(({ picture, ...rest }) => ({ ...rest, question: `${rest.question} [${picture}]` }));
  const family = { ...plain, task: task as never };
  expect(unused(family, { picture: "a cat" })).toBeUndefined();
  expect(unused(family, { picture: "a cat", sound: "purr" })).toBe("sound");
});
