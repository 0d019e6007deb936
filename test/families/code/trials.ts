/** What models write below a right function to try it out: none of it is a part of the answer. `f` is the function's name. */
export const pythonTrials = (f: string): Record<string, string> => ({
  "a question to a person": `n = int(input("n: "))\nprint(${f}(n))`,
  "wrong asserts in a loop": `for given, wanted in [((1,), 0), ((2, 3), None)]:\n    assert ${f}(*given) == wanted, given`,
  "a called test of its own": `def test_${f}():\n    assert ${f}() == "nothing"\n    print("ok")\n\ntest_${f}()`,
  unittest: `import unittest\n\nclass Test${f}(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(${f}(), 1)\n\nunittest.main()`,
  "an exit": `import sys\nprint(${f}())\nsys.exit(${f}())`,
  "a plain exit": "exit()",
  "a main part": `def main():\n    print(${f}(int(input())))\n\nif __name__ == "__main__":\n    main()`,
  "a called main part": `import sys\n\ndef main(argv=None):\n    return ${f}(*argv)\n\nsys.exit(main())`,
  doctest: "import doctest\ndoctest.testmod(verbose=True)",
  "a drawing": `import matplotlib.pyplot as plt\nxs = list(range(10))\nplt.plot(xs, [${f}(x) for x in xs])\nplt.show()`,
  arguments: `import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("n", type=int)\nargs = parser.parse_args()\nprint(${f}(args.n))`,
  "a loop without an end": `while True:\n    try:\n        print(${f}(input("> ")))\n    except Exception:\n        continue`,
  "a measured time": `import timeit\nprint(timeit.timeit(lambda: ${f}(), number=10**9))`,
  "a failing example": `cases = [1, "two", None]\nresults = [${f}(case, case, case, case, case) for case in cases]\nfor case, result in zip(cases, results):\n    print(f"{case} -> {result}")`,
  "a mark of the end": "<|endoftext|>",
  "a mark behind the code": `print(${f}())<|im_end|>`,
});

/** The same for JavaScript. */
export const javascriptTrials = (f: string): Record<string, string> => ({
  prints: `console.log(${f}(1));\nconsole.table([${f}(null)]);`,
  "wrong asserts": `const assert = require("assert");\nassert.strictEqual(${f}(1), "no");\nconsole.assert(${f}(1) === 0);`,
  "a question to a person": `const readline = require("readline");\nconst rl = readline.createInterface({ input: process.stdin, output: process.stdout });\nrl.question("n? ", (n) => {\n  console.log(${f}(n));\n  rl.close();\n});`,
  "input of the process": `const n = Number(require("fs").readFileSync(0, "utf8"));\nconsole.log(${f}(n));`,
  "tests of a framework": `describe("${f}", () => {\n  test("works", () => {\n    expect(${f}(1)).toBe(2);\n  });\n});`,
  "an exit": "process.exit(0);",
  "a main part": `if (require.main === module) {\n  ${f}(process.argv[2]);\n}`,
  "a loop of wrong tries": `for (const [given, wanted] of [[1, 2]]) {\n  if (${f}(given) !== wanted) throw new Error("wrong");\n}`,
  "a called test of its own": `function test${f}() {\n  if (${f}(1) !== "x") throw new Error("no");\n}\ntest${f}();`,
  "a failing example": `const result = ${f}(undefined).missing.field;\nconsole.log(result);`,
  "a loop without an end": `while (true) {\n  ${f}(1);\n}`,
  "a called main part": `(async () => {\n  console.log(await ${f}(1));\n  throw new Error("no");\n})();`,
  "a mark of the end": "<|endoftext|>",
});
