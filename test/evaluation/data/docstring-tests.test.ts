import { expect, it } from "vitest";
import { docstringTests } from "../../../src/evaluation/data/docstring-tests.js";

const tests = (...lines: string[]) => docstringTests(`def f(a, b):\n  """Says.\n  ${lines.join("\n  ")}\n  """\n`, "f");

it.each([
  [[">>> f([1, 2], 'a)')", "[3, 4]"], ["assert f([1, 2], 'a)') == [3, 4]"]],
  [
    [">>> round(f(1), 2) # a remark", "-0.5", ">>> f(2)", "None"],
    ["assert round(f(1), 2) == -0.5", "assert f(2) == None"],
  ],
  [[">>> f(1)", "[[1, 2],", " [3, 4]]"], ["assert f(1) == [[1, 2], [3, 4]]"]],
  [[">>> f(1) == {'a': 1}"], ["assert f(1) == {'a': 1}"]],
  [["f(1, 2) ==> (True, None)"], ["assert f(1, 2) == (True, None)"]],
  [['f(1, "2,3") ➞ "2,3"'], ['assert f(1, "2,3") == "2,3"']],
  [["f(3) = 4, f(5) => [ ] and f(6) -> 1e3"], ["assert f(3) == 4", "assert f(5) == [ ]", "assert f(6) == 1e3"]],
  [['f(15)   # returns "db"'], ['assert f(15) == "db"']],
  [["f(1) => true"], ["assert f(1) == True"]],
  [["f(1) = 2", "f(1) = 2"], ["assert f(1) == 2"]],
])("reads the examples %j", (lines, expected) => {
  expect(tests(...lines)).toEqual(expected);
});

it.each([
  [["f(aa) => False"]],
  [["f(19) -> 19 - 5 - 6 = 8"]],
  [["f(1, ...) = 3"]],
  [["f(n) = f(n - 1) + 1"]],
  [["f(1) = 3rd"]],
  [["f(1 = 3"]],
  [[">>> g(1)", "2"]],
  [[">>> f(1)", "<object at 0x1>"]],
  [["gf(1) = 2"]],
  [["f(1) is small"]],
])("takes none that could not run: %j", (lines) => {
  expect(tests(...lines)).toEqual([]);
});
