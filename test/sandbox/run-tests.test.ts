import { describe, expect, test } from "vitest";
import { checkSyntax, runTests } from "../../src/sandbox/index.js";
import { hasBubblewrap } from "./there.js";

const language = "python" as const;

/** Runs tests of a program; each result as `passed`, `weak`, or why not. */
async function judged(program: string, tests: string[], more: { setup?: string; entryPoint?: string } = {}) {
  const { results } = await runTests({ language, program, tests, ...more });
  return results.map(({ passed, weak, why }) => (passed ? (weak ? "weak" : "passed") : why));
}

const same = "def same(x):\n    return x\n";

describe.runIf(hasBubblewrap).concurrent("tests of a program that is apart from them", () => {
  test("plain data of every kind survives both ways", async () => {
    const values = [
      "None",
      "True",
      "[]",
      "-0.0",
      "10**400",
      "-(2**53)",
      "1e308",
      "float('inf')",
      "''",
      "'\\ud800\\x00é'",
      "b'\\x00\\xff'",
      "bytearray(b'a')",
      "3+4j",
      "(1, (2,), [])",
      "{1, 2}",
      "frozenset([(1, 2)])",
      "{(1, 'a'): {2: [3.0]}, None: {'int': '2a'}}",
      "range(1, 10, 3)",
      "collections.deque([1, 2])",
      "collections.OrderedDict(a=1)",
      "fractions.Fraction(1, 3)",
      "decimal.Decimal('1.10')",
      "datetime.date(999, 2, 28)",
      "datetime.time(23, 59, 1, 5, tzinfo=datetime.timezone.utc)",
      "datetime.datetime(2024, 2, 29, 12, 30)",
      "datetime.datetime.max",
      "[datetime.timedelta(-1, 5, 7), datetime.timedelta.max]",
      "{datetime.date(2024, 1, 1): datetime.timezone(datetime.timedelta(seconds=-7))}",
    ];
    const tests = values.map((value) => `x = ${value}\ny = same(${value})\nassert y == x and type(y) is type(x), y`);
    tests.push(
      "import math\nassert math.isnan(same(float('nan')))",
      "assert str(same(-0.0)) == '-0.0'",
      "assert list(same(iter([1, 2]))) == [1, 2]",
      "x = datetime.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=datetime.timezone(datetime.timedelta(hours=1), 'CET'))\ny = same(x)\nassert (y, y.fold, y.tzname()) == (x, 1, 'CET')",
    );
    expect(await judged(`import collections, datetime, fractions, decimal\n${same}`, tests)).toEqual(
      tests.map(() => "passed"),
    );
  });

  test("what a function changes in its arguments is changed in the test, too", async () => {
    const program =
      "def fill(rows, seen, named, more=None):\n    rows[0][1] = 9\n    rows.append([3])\n    seen.discard(1)\n    named['k'] = (1, 2)\n    more.pop()\n    return rows\n";
    const asserted =
      "row = [1, 2]\nrows, seen, named, more = [row], {1, 5}, {}, [7, 8]\nassert fill(rows, seen, named, more=more) is rows\nassert row == [1, 9] and rows == [[1, 9], [3]] and seen == {5} and named == {'k': (1, 2)} and more == [7]";
    expect(await judged(program, [asserted])).toEqual(["passed"]);
  });

  test("what a function raises can be tested for, by its nearest builtin class", async () => {
    const program =
      "class Mine(LookupError): pass\ndef get(n):\n    if n == 1: raise KeyError('a')\n    if n == 2: raise Mine('b', 2)\n    raise SystemExit(3)\n";
    const raises = (n: number, kind: string, args: string) =>
      `try:\n    get(${n})\nexcept ${kind} as error:\n    assert error.args == ${args}\nelse:\n    assert False`;
    expect(
      await judged(program, [
        raises(1, "KeyError", "('a',)"),
        raises(2, "LookupError", "('b', 2)"),
        raises(3, "SystemExit", "(3,)"),
      ]),
    ).toEqual(["passed", "passed", "passed"]);
  });

  test("a failure says what was answered, and where", async () => {
    const check = "def check(f):\n    assert f(1) == 1\n    assert f([2]) == [3]\ncheck(same)";
    expect(
      await judged(same, ["assert same((1, 'a')) == 2", check, "assert same(1) == 2, 'not two'", "same(1)[0]"]),
    ).toEqual([
      "same((1, 'a')) returned (1, 'a')",
      "assert f([2]) == [3]: same([2]) returned [2]",
      "not two",
      "TypeError: 'int' object is not subscriptable",
    ]);
  });

  test("each test is judged on its own, whatever became of the process in the one before", async () => {
    const program = `import os\n${same}def die():\n    os._exit(0)\n`;
    expect(
      await judged(program, [
        "die()",
        "assert same(1) == 1",
        "try:\n    die()\nexcept BaseException:\n    pass",
        "import os\nos._exit(0)",
        "assert same(2) == 2",
      ]),
    ).toEqual([
      "it ended its own process",
      "passed",
      "it ended its own process",
      "the test's process: it ended its own process",
      "passed",
    ]);
  });

  test("a loop spends the time of the tests after it, too", async () => {
    const program = "def f(n):\n    while n: pass\n    return 0\n";
    const tests = ["assert f(0) == 0", "f(1)", "assert f(0) == 0"];
    const { results, ms } = await runTests({ language, program, tests, limits: { wallMs: 1500 } });
    expect(results.map(({ passed, why }) => why ?? passed)).toEqual([true, "timeout", "timeout"]);
    expect(ms).toBeLessThan(30_000);
  });

  test("CPU seconds that are spent are spent for the tests after it, too", { timeout: 600_000 }, async () => {
    const program = "def f(n):\n    while n: pass\n    return 0\n";
    const limits = { wallMs: 3_600_000, cpuSeconds: 1 };
    for (const loop of ["f(1)", "while True: pass"]) {
      const { results } = await runTests({ language, program, tests: ["assert f(0) == 0", loop, "f(0)"], limits });
      expect(results.map(({ passed, why }) => why ?? passed)).toEqual([true, "timeout", "timeout"]);
    }
  });

  test("a test that loops spends the time of those after it", async () => {
    const tests = ["while True:\n    pass", "assert same(1) == 1"];
    const { results } = await runTests({ language, program: same, tests, limits: { wallMs: 500 } });
    expect(results.map(({ why }) => why)).toEqual(["timeout", "timeout"]);
  });

  test("a test that is broken itself is told from a program that is wrong", async () => {
    const broken = /^the test itself is broken: /;
    const whys = await judged(same, ["assert same(", "1 / 0", "return 1", "assert same(1) == 2"]);
    expect(whys.map((why) => broken.test(why!))).toEqual([true, true, true, false]);
    expect(await judged(same, ["assert same(1) == 1"], { setup: "import nothing_of_that_name" })).toEqual([
      expect.stringMatching(broken),
    ]);
  });

  test("tests that need the program itself run beside it and are weak", async () => {
    const program = `class Box:\n    def __init__(self, v): self.v = v\nLIMIT = 3\n${same}def apply(f, x):\n    return f(x)\n`;
    expect(
      await judged(program, [
        "assert Box(1).v == 1",
        "assert LIMIT == 3",
        "assert apply(lambda x: x + 1, 1) == 2",
        "assert Box(1).v == 2",
        "assert same(LIMIT) == 3",
      ]),
    ).toEqual(["weak", "weak", "weak", "it does not hold", "weak"]);
  });

  test("a date of a class of the program's own arrives as a date, with none of its own ways; a zone that is a rule is no data", async () => {
    const program = `import datetime\n${same}class Day(datetime.date):\n    def __eq__(self, other): return True\ndef day():\n    return Day(2024, 1, 2)\ndef late():\n    class Zone(datetime.tzinfo): pass\n    return datetime.time(1, tzinfo=Zone())\n`;
    const tests = ["assert day() == datetime.date(2024, 1, 2)", "assert day() == datetime.date(2024, 1, 3)", "late()"];
    expect(await judged(program, tests)).toEqual([
      "passed",
      "day() returned datetime.date(2024, 1, 2)",
      "it returned Zone, which is no plain data",
    ]);
  });

  test("an answer that is no data fails its test, and says so", async () => {
    const program =
      "class Box: pass\ndef box():\n    return Box()\ndef endless():\n    return (n for n in iter(int, 1))\ndef nested():\n    x = []\n    for _ in range(10**5): x = [x]\n    return x\n";
    expect(
      await judged(program, ["box()", "try:\n    box()\nexcept BaseException:\n    pass", "endless()", "nested()"]),
    ).toEqual([
      "it returned Box, which is no plain data",
      "it returned Box, which is no plain data",
      "it returned an iterator of more than a million items, which is no plain data",
      "it returned data that is nested too deeply, which is no plain data",
    ]);
  });

  test("the program's functions never stand in for those that a test takes for builtins", async () => {
    const program = "def sorted(x):\n    return [1, 2]\ndef f(x):\n    return [2, 1]\n";
    expect(await judged(program, ["assert sorted(f(0)) == [1, 2]", "assert sorted([3]) == [3]"])).toEqual([
      "passed",
      "passed",
    ]);
    expect(
      await judged("def sum(a, b):\n    return a * b\n", ["assert sum(2, 3) == 6"], { entryPoint: "sum" }),
    ).toEqual(["passed"]);
  });

  test.for([
    ["a syntax error", "def f(:\n", "line 1: SyntaxError: invalid syntax"],
    ["an exception", "x = 1\n1 / 0\n", "line 2: ZeroDivisionError: division by zero"],
    ["no such function", "def g(): pass\n", "it defines no function f"],
    ["something else of that name", "f = 5\n", "its f is no function"],
    ["a class of that name", "class f: pass\n", "its f is no function"],
    ["an early exit", "import sys\nsys.exit(0)\n", "the program ends itself while it is loaded"],
    ["a loop", "while True: pass", "timeout while it was loaded"],
    ["input that does not come", "n = int(input())", "line 1: EOFError: EOF when reading a line"],
    ["nothing", "", "it defines no function f"],
    ["no text of a program", "a\0b", "ValueError: source code string cannot contain null bytes"],
  ] as const)("a program with %s is not loaded, and it is said why", async ([, program, why]) => {
    const end = await runTests({
      language,
      program,
      entryPoint: "f",
      tests: ["assert f(1) == 1"],
      limits: { wallMs: 1000 },
    });
    expect(end).toMatchObject({ loaded: false, why, results: [{ passed: false, weak: false, why }] });
  });

  test.for([
    ["fails", "1 / 0"],
    ["ends it", "import sys\nsys.exit(0)"],
    ["asks", "n = int(input())"],
    ["draws with what is not there", "import matplotlib.pyplot as plt\nplt.show()"],
  ] as const)(
    "what stands below a program's functions and %s does not keep them from being tested",
    async ([, trial]) => {
      const options = { entryPoint: "same" };
      expect(await judged(`${same}\n${trial}\n`, ["assert same(2) == 2"], options)).toEqual(["passed"]);
      expect(await judged(`def same(n):\n    return n + 1\n${trial}\n`, ["assert same(2) == 2"], options)).not.toEqual([
        "passed",
      ]);
    },
  );

  test("a module that is not there is told where it is used, and only there", async () => {
    const program = `import numpy as np\nfrom scipy import stats\n${same}\ndef mean(xs):\n    return np.mean(xs)\n`;
    const { results } = await runTests({ language, program, tests: ["assert same(2) == 2", "assert mean([1]) == 1"] });
    expect(results).toMatchObject([{ passed: true }, { passed: false, why: expect.stringMatching(/numpy/) }]);
  });

  test("a program of a megabyte is tested like any other", async () => {
    const program = `${"# padding\n".repeat(100_000)}x = [${"1234567,".repeat(10_000)}]\n${same}`;
    expect(await judged(program, ["assert same(2) == 2"])).toEqual(["passed"]);
    expect(await checkSyntax({ language, code: program })).toBeUndefined();
  });

  test("no tests are no failure", async () => {
    expect(await runTests({ language, program: same, tests: [] })).toMatchObject({ loaded: true, results: [] });
  });

  test("a program does not run as one: its main part is for a shell", async () => {
    expect(await judged(`${same}if __name__ == "__main__":\n    raise ValueError\n`, ["assert same(1) == 1"])).toEqual([
      "passed",
    ]);
  });
});
