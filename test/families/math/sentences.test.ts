import { expect, it } from "vitest";
import { equalNormals } from "../../../src/families/math/equal.js";
import { normalise } from "../../../src/families/math/normalise.js";
import { readMath } from "../../../src/families/math/read.js";
import { compareAtOnce } from "../../../src/families/math/same.js";
import { endings, sentences } from "./sentences.js";

/** Whether a text is read as this value, however that is written. */
function isRead(text: string, value: string): boolean {
  const found = readMath(text)?.value;
  if (found === undefined) return false;
  const [a, b] = [normalise(found), normalise(value)];
  return (compareAtOnce(a, b) ?? equalNormals(a, b)) === true;
}

it("every way to announce an answer is read with every kind of value and every kind of delimiters", () => {
  const made = sentences();
  expect(made.length).toBeGreaterThan(8_000);
  expect(made.filter(({ text, value }) => !isRead(text, value)).map(({ text }) => text)).toEqual([]);
});

it.each(endings)("%s gives %s", (text, value) => {
  expect([isRead(text.replaceAll("⏎", "\n"), value), readMath(text)?.value]).toEqual([true, expect.any(String)]);
});
