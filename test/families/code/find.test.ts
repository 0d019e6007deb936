import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryPointOf, testedName } from "../../../src/families/code/definitions.js";
import { findProgram, MAX_PROGRAM } from "../../../src/families/code/find.js";
import { DOUBLE, HEAD, headTask, taskOf } from "./tasks.js";

const fence = (code: string, tag = "python") => `\`\`\`${tag}\n${code}\n\`\`\``;
const named = taskOf({ entryPoint: "double" });
const OTHER = "def other(n):\n    return n";
const BODY = "    return [root(n) for n in numbers]";

describe("finding the program in a text", () => {
  it.each<[title: string, text: string, by: string, program: string]>([
    ["a fenced block", `Here it is:\n\n${fence(DOUBLE)}\n\nIt doubles.`, "fence", DOUBLE],
    ["a fence without a language", fence(DOUBLE, ""), "fence", DOUBLE],
    ["a fence that is never closed", `\`\`\`python\n${DOUBLE}`, "fence", DOUBLE],
    ["a fence of tildes", `~~~py\n${DOUBLE}\n~~~`, "fence", DOUBLE],
    ["a fence in a list", `1. So:\n\n   ${fence(DOUBLE).replaceAll("\n", "\n   ")}`, "fence", DOUBLE],
    [
      "the last block that defines the function",
      [fence(OTHER), fence(DOUBLE), fence("double(2)")].join("\n"),
      "fence",
      DOUBLE,
    ],
    [
      "the last block that defines any, where none has the name",
      [fence(DOUBLE.replace("double", "a")), fence(OTHER)].join("\n"),
      "fence",
      OTHER,
    ],
    [
      "the block in the task's language",
      [fence(DOUBLE), fence("def double(n) 2 * n end", "ruby")].join("\n"),
      "fence",
      DOUBLE,
    ],
    ["code without a fence", `Sure, a function:\n\n${DOUBLE}\n\nThis returns twice n.`, "text", DOUBLE],
    ["nothing but code", DOUBLE, "text", DOUBLE],
    ["a function that is a lambda", fence("double = lambda n: 2 * n"), "fence", "double = lambda n: 2 * n"],
    ["line ends of Windows", fence(DOUBLE).replaceAll("\n", "\r\n"), "fence", DOUBLE],
  ])("%s", (_, text, by, program) => {
    expect(findProgram(text, named)).toEqual({ program, by });
  });

  it.each<[title: string, text: string]>([
    ["an empty text", ""],
    ["prose", "I would double the number and return it."],
    ["another language", fence("function double(n) { return 2 * n; }", "javascript")],
    ["another language without a name for it", fence("int twice(int n) { return 2 * n; }", "")],
    ["a fence without a function", fence("print(2 * 3)")],
    ["a program of 1 MB", fence(`${DOUBLE}\n${"x = 1\n".repeat(170_000)}`)],
    ["a program over the limit in a text within it", fence(`${DOUBLE}\n${"x = 1\n".repeat(MAX_PROGRAM / 6)}`)],
  ])("reads nothing from %s", (_, text) => {
    expect(findProgram(text, named)).toBeUndefined();
  });

  it("finds JavaScript, without the words of modules", () => {
    const task = taskOf({ language: "javascript", entryPoint: "double" });
    const arrow = "const double = (n) => 2 * n;";
    expect(findProgram(fence(`export ${arrow}\nmodule.exports = { double };`, "js"), task)?.program).toBe(arrow);
    expect(findProgram(fence("export default async function double(n) { return 2 * n; }", "js"), task)?.program).toBe(
      "async function double(n) { return 2 * n; }",
    );
    expect(findProgram(fence(DOUBLE), task)).toBeUndefined();
  });

  it("never throws, whatever the text is", () => {
    const piece = fc.constantFrom(
      "```",
      "```python",
      "~~~",
      "\n",
      "    ",
      "def f(",
      "def double(n):",
      "return",
      "x = 1",
      ">",
      "#",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece).map((parts) => parts.join("")),
      fc.array(piece).map((parts) => parts.join("\n")),
    );
    fc.assert(
      fc.property(text, (one) => {
        for (const task of [named, headTask]) expect(findProgram(one, task)?.program ?? "f").not.toBe("");
      }),
      { numRuns: 200 },
    );
  });

  it.each(["def f(", "import ", "for math ", "math: ", "'''\"\"\"", "x = 1\n", "\n ", "```", "> ```\n", "return x "])(
    "reads many repetitions of %j in no time",
    (piece) => {
      const hostile = `def double(n):\n math.x\n${piece.repeat(Math.floor(95_000 / piece.length))}`;
      for (const text of [hostile, fence(hostile)])
        for (const task of [named, headTask]) expect(() => findProgram(text, task)).not.toThrow();
    },
  );

  it("finds any function again that is put into a fence between prose", () => {
    const line = fc.stringMatching(/^[a-z]{1,5} = [a-z0-9+ ()]{1,10}[a-z]$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.lorem(), (lines, prose) => {
        const program = `def double(n):\n${lines.map((one) => `    ${one}`).join("\n")}`;
        expect(findProgram(`${prose}\n${fence(program)}\n${prose}`, named)).toEqual({ program, by: "fence" });
      }),
    );
  });
});

describe("a head that is to be completed", () => {
  it.each<[title: string, text: string]>([
    ["with its indent", BODY],
    ["without it", BODY.trim()],
    ["in a fence", fence(BODY)],
    ["in a fence without indent", fence(BODY.trim())],
  ])("is joined with a body %s", (_, text) => {
    expect(findProgram(text, headTask)).toEqual({
      program: `${HEAD.slice(HEAD.indexOf("from typing"))}\n${BODY}`,
      by: "body",
    });
  });

  it("indents only what lost its indent", () => {
    const lines = ["found = []", "    for n in numbers:", "        found.append(n)", "    return found"];
    const program = findProgram(fence(lines.join("\n")), headTask)!.program;
    expect(program.endsWith(`"""\n    ${lines.join("\n")}`)).toBe(true);
    const block = "for n in numbers:\n    return n";
    expect(findProgram(fence(block), headTask)!.program).toContain(`"""\n    for n in numbers:\n        return n`);
  });

  it("gives its imports and helpers to a whole function that lacks them", () => {
    const whole = `def roots(numbers: List[float]) -> List[float]:\n${BODY}`;
    const program = findProgram(fence(whole), headTask)!.program;
    expect(program).toBe(`${HEAD.slice(0, HEAD.indexOf("\n\n\ndef roots"))}\n\n${whole}`);
    expect(findProgram(fence(program), headTask)!.program).toBe(program);
  });

  it("is not made of prose", () => {
    expect(findProgram("I cannot do that.", headTask)).toBeUndefined();
  });
});

describe("imports of the task", () => {
  const task = taskOf({ entryPoint: "double", imports: ["import math", "import re"] });

  it("are put in front where they are missing, behind those that Python wants first", () => {
    expect(findProgram(fence(`import re\n${DOUBLE}`), task)?.program).toBe(`import math\n\nimport re\n${DOUBLE}`);
    expect(findProgram(fence(`from __future__ import annotations\n${DOUBLE}`), task)?.program).toBe(
      `from __future__ import annotations\nimport math\nimport re\n\n${DOUBLE}`,
    );
  });
});

describe("the function that is called", () => {
  it.each<[name: string | undefined, tests: string[]]>([
    ["f", ["assert f(1) == 2"]],
    ["f", ["assert set(f([1])) == set([1])", "assert sorted(f([2])) == [2]"]],
    ["f", ["assert not f (1)"]],
    ["f", ["assert math.isclose(f(1), g(2))", "assert f(2) == 3"]],
    ["f", ['assert f("g(1)") == 2']],
    ["f", ["def check(candidate):\n    assert candidate(1) == 2\n\ncheck(f)"]],
    ["f", ["def test_one():\n    assert f(1) == 2\n\ntest_one()"]],
    [undefined, ["assert x == 1"]],
    [undefined, []],
  ])("is %s by the tests %j", (name, tests) => {
    expect(testedName(tests, "python")).toBe(name);
  });

  it("is the one that is named, else the one that tests call, else the last of the program", () => {
    const tests = ["assert tested(Node(1)) == 2"];
    const program = `${OTHER}\n\n${DOUBLE}`;
    expect(entryPointOf({ language: "python", entryPoint: "named", tests }, program)).toBe("named");
    expect(
      entryPointOf({ language: "python", tests: ["assert tested(Node(1))"], setup: "class Node:\n    pass" }),
    ).toBe("tested");
    expect(
      entryPointOf({ language: "python", tests: ["assert Node(tested(1)) == 2"], setup: "class Node:\n    pass" }),
    ).toBe("tested");
    expect(entryPointOf({ language: "python", tests: [] }, program)).toBe("double");
  });
});
