import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCode } from "../../../src/families/code/index.js";
import { inputsFor } from "../../../src/families/code/inputs.js";
import { parametersOf } from "../../../src/families/code/signature.js";
import { familyContract } from "../../../src/testing/index.js";
import { fakeRunner } from "./fake-runner.js";
import { DOUBLE, taskOf } from "./tasks.js";
import { hasSandbox } from "./there.js";

/** Programs `def f(n: int): return A * n + B`, run by arithmetic; `calls` counts runs. */
function linear() {
  let calls = 0;
  const runner: ReturnType<typeof fakeRunner> = {
    ...fakeRunner(),
    callFunction: async ({ program, inputs }) => {
      calls += 1;
      const [, a, b] = /return (\d+) \* n \+ (\d+)/.exec(program)!;
      return inputs.map(([n]) => ({ output: Number(a) * (n as number) + Number(b) }));
    },
  };
  const { same } = createCode({ agreement: true, runner });
  const program = ([a, b]: readonly [number, number], comment: string) =>
    `def f(n: int):\n    x = "${comment}"\n    return ${a} * n + ${b}`;
  return { same, program, calls: () => calls };
}

familyContract(
  "code:agreement",
  () => createCode({ agreement: true, runner: fakeRunner() }),
  {
    tasks: [taskOf()],
    readable: [{ text: `\`\`\`python\n${DOUBLE}\n\`\`\``, value: DOUBLE }],
    unreadable: ["No."],
    same: [[DOUBLE, `${DOUBLE}\n# twice`]],
    different: [[DOUBLE, DOUBLE.replace("2", "3")]],
  },
  { runner: { describe, it } },
);

describe("agreement of programs", () => {
  it("is to return the same wherever both return something, whichever way it is asked", async () => {
    const numbers = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }));
    await fc.assert(
      fc.asyncProperty(numbers, numbers, async (one, other) => {
        const { same, program } = linear();
        const [a, b] = [program(one, "one"), program(other, "other")];
        const equal = one[0] === other[0] && one[1] === other[1];
        expect(await same(a, b)).toBe(equal);
        expect(await same(b, a)).toBe(equal);
      }),
    );
  });

  it("runs each program once, however often it is compared", async () => {
    const { same, program, calls } = linear();
    const programs = ["a", "b", "c"].map((name) => program([1, 1], name));
    for (const a of programs) for (const b of programs) await same(a, b);
    expect(calls()).toBe(3);
  });

  it("asks again after the sandbox failed", async () => {
    let failing = true;
    const runner = {
      ...fakeRunner(),
      callFunction: async ({ inputs }: { inputs: readonly unknown[] }) => {
        if (failing) throw new Error("the sandbox failed");
        return inputs.map(() => ({ output: 1 }));
      },
    };
    const { same } = createCode({ agreement: true, runner });
    await expect(same("def f(n):\n    return 1", "def f(n):\n    return 2 - 1")).rejects.toThrow("the sandbox failed");
    failing = false;
    expect(await same("def f(n):\n    return 1", "def f(n):\n    return 2 - 1")).toBe(true);
  });

  it("keeps in the program which of its functions is meant, where it is not the last", async () => {
    const family = createCode({ agreement: true, runner: fakeRunner() });
    const program = `${DOUBLE}\n\ndef helper(n):\n    return n`;
    const read = async (text: string) => family.read(`\`\`\`\n${text}\n\`\`\``, taskOf({ entryPoint: "double" }));
    expect((await read(program))?.value).toBe(`${program}\n\n# Entry point: double`);
    expect((await read(DOUBLE))?.value).toBe(DOUBLE);
  });
});

describe("the inputs that programs are compared on", () => {
  const parameter = fc.constantFrom(
    {},
    { type: "int" },
    { type: "List[int]" },
    { type: "Optional[str]" },
    { type: "Odd" },
  );

  it("are the same for the same parameters, and with annotations a part of those without", () => {
    fc.assert(
      fc.property(fc.array(parameter, { minLength: 1, maxLength: 6 }), (parameters) => {
        const inputs = inputsFor(parameters);
        expect(inputsFor(parameters)).toEqual(inputs);
        const all = new Map(inputsFor(parameters.map(() => ({}))).map(({ place, args }) => [place, args]));
        for (const { place, args } of inputs) expect(args).toEqual(all.get(place));
        expect(new Set(inputs.map(({ place }) => place)).size).toBe(inputs.length);
      }),
    );
  });

  it("fit the annotations", () => {
    const [numbers, words] = [inputsFor([{ type: "int" }]), inputsFor([{ type: "list[str]" }, { type: "str|None" }])];
    expect(numbers.length).toBeGreaterThan(5);
    for (const { args } of numbers) expect(args).toEqual([expect.any(Number)]);
    expect(words.length).toBeGreaterThan(0);
    for (const { args } of words) expect(args).toEqual([expect.any(Array), expect.any(String)]);
  });

  it("are none where a function has no parameters, or too many", () => {
    expect(inputsFor([])).toEqual([]);
    expect(inputsFor(Array.from({ length: 7 }, () => ({})))).toEqual([]);
  });
});

describe("the parameters of a function", () => {
  it.each<[program: string, parameters: unknown]>([
    ["def f(a, b: int, c=1):\n    pass", [{}, { type: "int" }]],
    [
      "def f(\n    a: Dict[str, List[int]],  # one, two\n    *, b=2,\n) -> int:\n    pass",
      [{ type: "Dict[str,List[int]]" }],
    ],
    ["def f(a: int = 3, /):\n    pass", []],
    ["def f(*rest):\n    pass", undefined],
    ["f = lambda a, b: a", [{}, {}]],
    ["def g(a):\n    pass", undefined],
    ["def f(a):\n    pass\n\ndef f(a, b):\n    pass", [{}, {}]],
  ])("of %j are %j", (program, parameters) => {
    expect(parametersOf(program, "f", "python")).toEqual(parameters);
  });

  it.each<[program: string, count: number]>([
    ["function f(a, b = [1, 2]) {}", 1],
    ["const f = (a, { b, c }) => a;", 2],
    ["const f = a => a;", 1],
    ["const f = async function named(a, b) {};", 2],
  ])("of %j are %d", (program, count) => {
    expect(parametersOf(program, "f", "javascript")).toHaveLength(count);
  });
});

describe.skipIf(!hasSandbox)("agreement in the sandbox", () => {
  const { same } = createCode({ agreement: true, limits: { wallMs: 1_000 } });
  const formula = "def f(n):\n    return n * (n + 1) // 2";
  const sum = "def f(num: int) -> int:\n    return sum(range(num + 1))";

  it.each<[title: string, a: string, b: string, equal: boolean]>([
    ["in another way", formula, sum, true],
    ["something else", formula, "def f(n):\n    return n * n", false],
    ["in another order", "def f(xs):\n    return sorted(xs)", "def f(xs):\n    return sorted(xs)[::-1]", false],
    ["nothing, for ever", "def f(n):\n    while True: pass", "def f(n):\n    while 1: pass", false],
    [
      "of itself by chance",
      "import random\ndef f(n):\n    return random.random()",
      "import random\ndef f(n):\n    return random.random() * 1",
      false,
    ],
  ])("tells programs that compute %s", async (_, a, b, equal) => {
    expect(await same(a, b)).toBe(equal);
    expect(await same(a, a)).toBe(true);
  });
});
