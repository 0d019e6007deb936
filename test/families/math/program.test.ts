import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../../src/families/math/find-program.js";
import { createMath } from "../../../src/families/math/index.js";
import { endingOf } from "../../../src/families/math/program-ending.js";
import type { ProgramOutput } from "../../../src/families/math/program.js";
import { readPrinted } from "../../../src/families/math/read-printed.js";
import { CopeError } from "../../../src/errors.js";
import { createCope } from "../../../src/index.js";
import { scriptedModel } from "../../../src/testing/index.js";

const task = { question: "What is 6 * 7?" };
const fenced = (code: string, tag = "python") => `\`\`\`${tag}\n${code}\n\`\`\``;
const ok = (stdout: string): ProgramOutput => ({ status: "ok", stdout, stderr: "" });

/** A family whose runs end as told, in order, and the programs it ran. */
function scripted(...ends: (ProgramOutput | Error)[]) {
  const ran: string[] = [];
  const family = createMath({
    reasoning: "program",
    run: async ({ code }) => {
      const end = ends[ran.push(code) - 1];
      if (end instanceof Error) throw end;
      if (end === undefined) throw new Error("ran too often");
      return end;
    },
  });
  return { ran, read: (text: string, signal?: AbortSignal) => family.read(text, task, signal) };
}

describe("finding the program", () => {
  const programIn = (text: string) => {
    const found = findProgram(text);
    return "program" in found ? found.program : undefined;
  };

  it.each([
    ["a fenced block", `Here:\n${fenced("print(6 * 7)")}\nDone.`, "print(6 * 7)"],
    ["a block without a language", fenced("print(6 * 7)", ""), "print(6 * 7)"],
    ["a block that is never closed", "```python\nx = 6\nprint(x * 7)", "x = 6\nprint(x * 7)"],
    ["the last of several that print", `${fenced("print(1)")}\nBetter:\n${fenced("print(2)")}`, "print(2)"],
    ["not what it is said to print", `${fenced("print(42)")}\nOutput:\n${fenced("x = 42", "")}`, "print(42)"],
    ["not another language", `${fenced("print(42)")}\n${fenced("pip install print(x)", "bash")}`, "print(42)"],
    [
      "a block in a list, less its indentation",
      "1. Do\n   ```py\n   def f():\n       return 1\n   ```",
      "def f():\n    return 1",
    ],
    [
      "bare lines between prose",
      "Sure:\nx = 6\nfor i in range(2):\n    x += i\nprint(x)\nThat is it.",
      "x = 6\nfor i in range(2):\n    x += i\nprint(x)",
    ],
    ["tildes", "~~~python\nprint(1)\n~~~", "print(1)"],
  ])("takes %s", (_, text, program) => {
    expect(programIn(text)).toBe(program);
  });

  it.each(["The answer is 42.", "x = 42", fenced("42", ""), fenced("console.log(42)", "js"), ""])(
    "finds none in %j",
    (text) => {
      expect(programIn(text)).toBeUndefined();
    },
  );

  it("keeps what stands beside the program apart from it", () => {
    expect(findProgram(`So \\boxed{1}\n${fenced("print(2)")}\nend`).beside).toBe("So \\boxed{1}\nend");
  });

  it("finds any program again that stands in a fence", () => {
    const line = fc.string({ maxLength: 30 }).filter((text) => !/[\r\n]|^[ \t]*(?:`{3}|~{3})/.test(text));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const program = ["import math", ...lines, "print(1)"].join("\n");
        expect(programIn(`Text.\n${fenced(program)}\nMore.`)).toBe(program);
      }),
    );
  });
});

describe("what makes a program print that printed nothing", () => {
  it.each([
    ["def solution():\n    return 42", "solution()"],
    ["def solve(n=3, *rest):\n    return n\n\ndef helper():\n    return 1", "solve()"],
    ["def bags():\n    return 15", "bags()"],
    ["def f(x):\n    return x\n\ndef count():\n    return f(2)", "count()"],
  ])("calls a function that needs no argument: %j", (program, call) => {
    expect(endingOf(program)).toBe(`_returned = ${call}\nif _returned is not None:\n    print(_returned)`);
  });

  it.each([
    ["x = 6\nanswer = x * 7", "answer"],
    ["x = 6\ny: int = x * 7  # all of them\n# end", "y"],
    ["total = 42\ntotal", "total"],
    ["for i in range(3):\n    pass\nx = i", "x"],
  ])("prints the name that the last line gives a value: %j", (program, name) => {
    expect(endingOf(program)).toBe(`print(${name})`);
  });

  it.each(["f(3)", "x == 3", "import math", "def f(x):\n    return x", "", "assert x"])(
    "has none for %j",
    (program) => {
      expect(endingOf(program)).toBeUndefined();
    },
  );
});

describe("reading the printed line", () => {
  it.each([
    ["12", "12"],
    ["12.0", "12"],
    ["0.30000000000000004", "0.3"],
    ["5.999999999999999", "6"],
    ["0.3333333333333333", "0.333333333333"],
    ["123456789012345.0", "123456789012345"],
    ["2.50", "2.5"],
    ["1e-07", "1 \\times 10^{-7}"],
    ["1e+16", "10000000000000000"],
    ["-0.5", "-0.5"],
    ["$1,250.00", "$1,250.00"],
    ["12.5%", "12.5%"],
    ["3/4", "3/4"],
    ["Fraction(3, 4)", "3/4"],
    ["Fraction(-6, 1)", "-6"],
    ["Decimal('1.50')", "1.5"],
    ["(1, 2.0)", "(1, 2)"],
    ["(5,)", "5"],
    ["[1, 2]", "1, 2"],
    ["[Fraction(1, 2), Fraction(3, 1)]", "1/2, 3"],
    ["[(1, 2), (3, 4)]", "(1, 2), (3, 4)"],
    ["{1, 2}", "\\{1, 2\\}"],
    ["[]", "\\emptyset"],
    ["1 2 3", "1, 2, 3"],
    ["1 2/3", "1 2/3"],
    ["(1+2j)", "1+2i"],
    ["2*x**2 + 3", "2*x^2 + 3"],
    ["x = 5.0", "x = 5"],
    ["x = 5, y = 3", "x = 5, y = 3"],
    ["Total cost = 45.0", "45"],
    ["Points: (1, 2)", "(1, 2)"],
    ["Number of bags: 11 bags", "11"],
    ["The answer is 12.0", "12"],
    ["The 3 bags hold 45 rolls", "45"],
    ["\\boxed{7}", "7"],
    ["['red', 'blue']", "red, blue"],
    ["Evelyn", "Evelyn"],
    ["True", "True"],
    ["inf", "\\infty"],
    ["Matrix([[1, 2], [3, 4]])", "\\begin{pmatrix}1 & 2 \\\\ 3 & 4\\end{pmatrix}"],
    ["Interval.open(0, 1)", "(0, 1)"],
    ["5 and 7", "5 and 7"],
  ])("%j gives %j", (line, value) => {
    expect(readPrinted(line)).toBe(value);
  });

  it.each([
    "None",
    "nan",
    "<function f at 0x7f>",
    "{'a': 1, 'b': 2}",
    "1".repeat(401),
    "...",
    "we looked and found that there is nothing",
  ])("%j gives nothing", (line) => {
    expect(readPrinted(line)).toBeUndefined();
  });

  it("reads every whole number, and every fraction of a power of ten, as itself", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 6 }), (whole, places) => {
        const number = whole / 10 ** places;
        expect(Number(readPrinted(String(number)))).toBe(number);
        expect(readPrinted(`${whole}.0`)).toBe(String(whole));
      }),
    );
  });
});

describe("reading a text by running its program", () => {
  it("takes the last line that is printed", async () => {
    const { ran, read } = scripted(ok("working\n42\n\n"));
    expect(await read(`Let me.\n${fenced("print(6 * 7)")}`)).toEqual({ value: "42", by: "program" });
    expect(ran).toEqual(["print(6 * 7)"]);
  });

  it("calls a function that was never called, in a second run", async () => {
    const { ran, read } = scripted(ok(""), ok("42\n"));
    expect(await read(fenced("def solution():\n    return 42"))).toEqual({ value: "42", by: "program" });
    expect(ran[1]).toMatch(/^def solution\(\):\n {4}return 42\n_returned = solution\(\)\n/);
  });

  it("runs all blocks as one where the last misses names of those before it", async () => {
    const { ran, read } = scripted(
      { status: "error", stdout: "", stderr: "NameError: name 'x' is not defined" },
      ok("42"),
    );
    expect(await read(`${fenced("x = 6")}\nthen\n${fenced("print(x * 7)")}`)).toEqual({ value: "42", by: "program" });
    expect(ran[1]).toBe("x = 6\nprint(x * 7)");
  });

  it.each(["error", "timeout", "memory", "output", "killed"])(
    "reads nothing from a program that ended by %s, whatever it printed before",
    async (status) => {
      const { ran, read } = scripted({ status, stdout: "41\n", stderr: "ValueError" });
      expect(await read(fenced("print(41)\nraise ValueError"))).toEqual({
        why: `the program ended by ${status}: ValueError`,
      });
      expect(ran).toHaveLength(1);
    },
  );

  it("runs nothing twice that printed something, even where that cannot be read", async () => {
    const { ran, read } = scripted(ok("None\n"));
    expect(await read(fenced("def f():\n    pass\nprint(f())"))).toEqual({ why: 'the program printed "None"' });
    expect(ran).toHaveLength(1);
  });

  it.each([
    [`${fenced("print(1 / 0)")}\nThe final answer is $\\boxed{42}$.`, "42"],
    ["The answer is 42.", "42"],
  ])("takes an announced answer beside a program that has none: %j", async (text, value) => {
    const { read } = scripted({ status: "error", stdout: "", stderr: "ZeroDivisionError" });
    expect(await read(text)).toEqual({ value, by: "text" });
  });

  it("takes no number for the answer that nothing announces", async () => {
    const { read } = scripted({ status: "error", stdout: "", stderr: "ZeroDivisionError" });
    expect(await read(`There are 3 cases.\n${fenced("print(1 / 0)")}`)).toEqual({
      why: "the program ended by error: ZeroDivisionError",
    });
  });

  it("says why there is nothing to read", async () => {
    expect(await scripted().read("I do not know.")).toEqual({ why: "there is no program in it" });
    expect(await scripted(ok("\n")).read(fenced("import math"))).toEqual({ why: "the program printed nothing" });
    const long = await scripted(ok("x".repeat(5_000))).read(fenced("print(x)"));
    expect((long as { why: string }).why.length).toBeLessThan(250);
  });

  it("passes on what the sandbox itself fails at", async () => {
    const broken = new CopeError("SANDBOX_FAILED", "it does not start.", "mend it.");
    await expect(async () => scripted(broken).read(fenced("print(1)"))).rejects.toBe(broken);
  });

  it("hands on the signal", async () => {
    const { signal } = new AbortController();
    let given: AbortSignal | undefined;
    const run = async (asked: { signal?: AbortSignal }) => {
      given = asked.signal;
      return ok("1");
    };
    await createMath({ reasoning: "program", run }).read(fenced("print(1)"), task, signal);
    expect(given).toBe(signal);
  });
});

describe("a cascade of programs", () => {
  it("votes on what they print", async () => {
    const printed = ["42", "42.0", "Fraction(84, 2)", "42", "42", "42", "41", "41"];
    const small = scriptedModel([
      { purpose: "goal", reply: "Find the product." },
      { stage: "solo", purpose: "execute", replies: printed.map((_, i) => fenced(`print(${i})`)) },
    ]);
    const run = async ({ code }: { code: string }) => ok(printed[Number(/\d/.exec(code)![0])]!);
    const cope = createCope({ small, large: small, family: createMath({ reasoning: "program", run }) }).compile();
    const { answer } = await cope.invoke({ question: task.question });
    expect(answer).toMatchObject({ value: "42", stage: "solo", confidence: 0.75 });
  });
});

describe("the prompts of programs", () => {
  const { prompts, name } = createMath({ reasoning: "program" });

  it("ask for a program, and plan as for a program", () => {
    expect(name).toBe("math:program");
    expect(prompts.execute(task, {})[0]!.content).toMatch(/Python program/);
    expect(prompts.plan(task, { kind: "guideline", style: "method" })[0]!.content).toMatch(/how to compute/);
    expect(prompts.limits.execute.maxTokens).toBe(384);
  });

  it("ask for goals as worked solutions do", () => {
    const asked = { kind: "goal", style: "method" } as const;
    expect(prompts.plan(task, asked)).toEqual(createMath().prompts.plan(task, asked));
  });

  it("leave the wording of worked solutions as it was", () => {
    expect(createMath().prompts.execute(task, {})[0]!.content).toMatch(/Reason step by step/);
  });
});
