import { expect, it } from "vitest";
import { keepRecent } from "../../src/models/bounded.js";

it("drops what was used longest ago, and never what was used just now", () => {
  const map = new Map<string, number>();
  for (const key of ["a", "b", "c"]) keepRecent(map, key, 1, 3);
  expect(keepRecent(map, "a", 2, 3)).toBe(2);
  keepRecent(map, "d", 1, 3);
  expect([...map]).toEqual([
    ["c", 1],
    ["a", 2],
    ["d", 1],
  ]);
});
