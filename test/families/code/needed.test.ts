import { describe, expect, it } from "vitest";
import { withNeeded } from "../../../src/families/code/needed.js";
import { findProgram } from "../../../src/families/code/find.js";
import { CodeTask } from "../../../src/families/code/task.js";
import { withoutTrials } from "../../../src/families/code/own-trials.js";
import { forgottenImports } from "../../../src/families/code/standard-imports.js";
import { calledBy } from "../../../src/families/code/try.js";

describe("a program's own trials", () => {
  it("are left out below its functions, over several lines, and nothing else is", () => {
    const program = [
      "LIMIT = 3",
      "def f(x):",
      "    assert x > 0",
      "    print(x)",
      "    return x",
      "",
      "assert f(1) == 2, (",
      '    "no"',
      ")",
      "print(f(1),",
      "      f(2))",
      "TABLE = [1, 2]",
    ];
    expect(withoutTrials(program.join("\n"))).toBe([...program.slice(0, 5), "TABLE = [1, 2]"].join("\n"));
  });

  it("stay where they stand in a text, or nothing is defined", () => {
    const quoted = 'def f():\n    """\nassert 1\n"""\n    return 1';
    expect(withoutTrials(quoted)).toBe(quoted);
    expect(withoutTrials("assert 1\nprint(2)")).toBe("assert 1\nprint(2)");
  });
});

describe("imports that a program forgot", () => {
  it("are those of standard modules and of types that it uses and does not bind", () => {
    const program = "def f(xs: List[int]) -> Optional[int]:\n    return math.floor(re.sub('a', 'b', xs[0]))";
    expect(forgottenImports(program)).toEqual(["import math", "import re", "from typing import List, Optional"]);
  });

  it.each([
    "import math\ndef f(): return math.pi",
    "from typing import *\ndef f(x: List[int]): pass",
    "import numpy as math\ndef f(): return math.pi",
    "def f(string): return string.upper()",
    "def f():\n    time = g()\n    return time.x",
    "def f(xs):\n    for copy in xs:\n        copy.sort()",
    'def f(): return "math.pi"  # math.pi',
    "def f(x): return x.math.pi",
  ])("are none in %j", (program) => {
    expect(forgottenImports(program)).toEqual([]);
  });
});

describe("words of modules", () => {
  it.each([
    "module.exports = { add };",
    "module.exports = {\n  add,\n  other: add,\n};",
    "export { add };",
    "export {\n  add,\n};",
    "exports.add = add;",
    "module.exports = add;",
  ])("are left out of JavaScript, over several lines, too: %j", (words) => {
    const task = CodeTask.parse({ question: "Add.", language: "javascript" });
    const add = "function add(a, b) {\n  return a + b;\n}";
    expect(withNeeded(`${add}\n\n${words}`, task).trim()).toBe(add);
  });
});

describe("what tests call", () => {
  const stack = "class Stack:\n    pass";
  const tests = ["s = Stack()\nassert s is not None"];

  it("is no function where they make objects of a class of the program's", () => {
    expect(calledBy(CodeTask.parse({ question: "A stack.", tests }), stack)).toBeUndefined();
  });

  it("stays one where the task says so, or its name is a function's: a program could cheat by making it a class", () => {
    expect(calledBy(CodeTask.parse({ question: "A stack.", tests, entryPoint: "Stack" }), stack)).toBe("Stack");
    expect(calledBy(CodeTask.parse({ question: "A stack.", tests }), "def Stack():\n    return 1")).toBe("Stack");
    const add = CodeTask.parse({ question: "Add.", tests: ["assert add(1, 2) == 3"] });
    expect(calledBy(add, "class add:\n    pass")).toBe("add");
  });
});

describe("a helper in a block of its own", () => {
  it("stands before the function that uses it, and blocks that nothing uses are left out", () => {
    const text =
      "```python\ndef helper(x):\n    return x + 1\n```\nand\n```python\ndef unused():\n    pass\n```\nso\n```python\ndef f(x):\n    return helper(x)\n```";
    const found = findProgram(text, CodeTask.parse({ question: "f", entryPoint: "f" }));
    expect(found?.program).toBe("def helper(x):\n    return x + 1\n\ndef f(x):\n    return helper(x)");
  });
});
