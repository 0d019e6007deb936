import { describe, expect, it } from "vitest";
import { readTestsFile } from "../../../src/families/code/tests-file.js";
import { hasSandbox } from "./there.js";

describe("reading a file of tests in JavaScript", () => {
  it("takes calls of assert at the top level for tests, and the rest for what they need", async () => {
    const text = [
      'import assert from "node:assert";',
      'const { f } = require("./f");',
      "const one = 1;",
      "assert(f(one) === 2);",
      "assert.deepEqual(f([1]), [2]);",
    ].join("\n");
    expect(await readTestsFile(text, "javascript")).toEqual({
      tests: ["assert(f(one) === 2);", "assert.deepEqual(f([1]), [2]);"],
      setup: "const one = 1;",
    });
  });

  it("takes check for one test, with its call", async () => {
    const check = "function check(candidate) {\n  assert(candidate(1) === 1);\n}";
    const read = { tests: [`${check}\n\ncheck(f)`], entryPoint: "f" };
    expect(await readTestsFile(`${check}\ncheck(f);\n`, "javascript")).toEqual(read);
  });

  it("tells where the syntax is wrong", async () => {
    await expect(readTestsFile("assert(f(1) ===", "javascript")).rejects.toThrow(
      /\[TASK_INVALID\] the tests: .*\(1:15\)/,
    );
  });
});

describe.skipIf(!hasSandbox)("reading a file of tests in Python", () => {
  it("takes each assert at the top level for a test, and everything else there for what they need", async () => {
    const text = [
      '"""Visible tests."""',
      "import math",
      "from solution import f",
      "# a node",
      "class Node:",
      "    def __init__(self, value):",
      "        self.value = value",
      "",
      "assert f(1) == 2",
      "assert f(",
      '    "a; assert"  # inside',
      ') == 3, "why"',
      'x = 1; assert f(x, "é") == "😀"',
      "for i in range(3):",
      "    assert f(i) == i",
      'if __name__ == "__main__":',
      "    assert False",
    ].join("\r\n");
    const { tests, setup } = await readTestsFile(text);
    expect(tests).toEqual([
      "assert f(1) == 2",
      'assert f(\n    "a; assert"  # inside\n) == 3, "why"',
      'assert f(x, "é") == "😀"',
      "for i in range(3):\n    assert f(i) == i",
    ]);
    expect(setup).toMatch(/^import math\nclass Node:\n[^]*self\.value = value\nx = 1$/);
  });

  it("takes check for one test, with its call or the function that is named", async () => {
    const check = "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(2) == 3";
    const read = { tests: [`${check}\n\ncheck(f)`], entryPoint: "f" };
    expect(await readTestsFile(`${check}\n\ncheck(f)\n`)).toEqual(read);
    expect(await readTestsFile(check, "python", { entryPoint: "f" })).toEqual(read);
  });

  it("takes each function without parameters named test for one test", async () => {
    const one = "def test_one():\n    assert f(1) == 2";
    const two = "def test_two():\n    assert f(2) == 3";
    expect(await readTestsFile(`${one}\n\n${two}\n\ntest_one()`)).toEqual({
      tests: [`${one}\n\ntest_one()`, `${two}\n\ntest_two()`],
    });
  });

  it.each<[title: string, text: string, told: RegExp]>([
    ["an empty file", " \n", /the file of tests is empty\. Remedy: give asserts/],
    ["a file without a test", "x = 1\n", /holds no test\. Remedy: give asserts/],
    ["a syntax error, with its line", "assert f(1) == 2\nassert f(2) ==\n", /line 2: invalid syntax/],
    ["brackets without end", "(".repeat(5_000), /line 1: too many nested parentheses/],
    ["a null character", "assert f(1)\0", /null bytes/],
    ["a module that the sandbox has not", "import numpy as np\nassert np.sum(f(1)) == 1", /line 1 imports numpy/],
    ["check without a call", "def check(candidate):\n    assert candidate(1)", /end the file with check\(NAME\)/],
    ["a file too large", "assert f(1)\n".repeat(50_000), /more than 500000 characters/],
  ])("refuses %s", async (_, text, told) => {
    await expect(readTestsFile(text)).rejects.toThrow(told);
    await expect(readTestsFile(text)).rejects.toThrow("[TASK_INVALID]");
  });
});
