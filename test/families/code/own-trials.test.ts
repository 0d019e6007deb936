import { describe, expect, it } from "vitest";
import { createCode } from "../../../src/families/code/index.js";
import { withoutJavascriptTrials } from "../../../src/families/code/javascript-trials.js";
import { withoutTrials } from "../../../src/families/code/own-trials.js";
import { CodeTask } from "../../../src/families/code/task.js";
import { hasSandbox } from "./there.js";
import { javascriptTrials, pythonTrials } from "./trials.js";

const F = "def f(n):\n    return n + 1";
const G = "function f(n) {\n  return n + 1;\n}";

describe("a Python program that needs what stands below its functions keeps", () => {
  it.each<[string, string]>([
    [
      "constants, and what fills them",
      "def f(n):\n    return memo.get(n, LIMIT)\n\n# At most.\nLIMIT = 10\nmemo = {}\nmemo[0] = 1\nfor i in range(3):\n    memo[i] = i",
    ],
    [
      "a table that a function makes",
      "def sieve(n):\n    return list(range(n))\nPRIMES = sieve(100)\ndef f(n):\n    return PRIMES[n]",
    ],
    ["a function that is made anew", `${F}\nf = lru_cache(None)(f)`],
    ["another name", `${F}\nsolve = f`],
    ["an object and its method's name", "class S:\n    def run(self, n):\n        return n\ns = S()\nsolve = s.run"],
    [
      "a call that sets what is the module's",
      "T = None\ndef build():\n    global T\n    T = [1, 2]\nbuild()\ndef f(i):\n    return T[i]",
    ],
    [
      "a call that fills a table",
      "def f(n):\n    return cache[n]\ncache = {}\ndef fill():\n    for i in range(9):\n        cache[i] = i\nfill()",
    ],
    ["attributes of functions", `${F}\nf.calls = 0`],
    ["how deep it may go", `${F}\nimport sys\nsys.setrecursionlimit(10**6)`],
    ["what it reads from outside", "import sys\ndef f(n):\n    return data[n]\ndata = sys.stdin.read().split()"],
    ["alternatives", "def f(n):\n    return np\ntry:\n    import numpy as np\nexcept ImportError:\n    np = None"],
    ["decorated functions", "def g(h):\n    return h\n@g\n@g\ndef f(n):\n    return '''\nprint(1)\n'''"],
    ["names within f-strings", 'def f(n):\n    return f"{WORD}-{n}"\nWORD = f"{f(1)}"'],
  ])("%s", (_, program) => expect(withoutTrials(program)).toBe(program));

  it("what its tests name, and their functions", () => {
    const program = `${F}\nresult = f(3)\ndef test_it():\n    pass`;
    expect(withoutTrials(program)).toBe(F);
    expect(withoutTrials(program, ["result", "test_it"])).toBe(program);
  });
});

describe("a program loses what only tries it out", () => {
  it.each(Object.entries(pythonTrials("f")).filter(([title]) => !title.startsWith("a mark")))(
    "in Python: %s",
    (_, trial) => {
      const left = withoutTrials(`${F}\n\n${trial}`);
      expect(left.replace(/\n(?:import .*|xs = .*|cases = .*|def main\((?:.|\n {4})*)/g, "").trim()).toBe(F);
    },
  );

  it.each(Object.entries(javascriptTrials("f")).filter(([title]) => !title.startsWith("a mark")))(
    "in JavaScript: %s",
    (_, trial) => {
      expect(withoutJavascriptTrials(`${G}\n\n${trial}`)).toBe(G);
    },
  );

  it.each([
    `const memo = new Map();\n${G}\nmemo.set(1, 2);\nconst LIMIT = 3;\nfunction g() {\n  return memo.get(LIMIT);\n}`,
    "let t;\nfunction build() {\n  return [1];\n}\nt = build();\nfunction f(i) {\n  return t[i];\n}",
    `class S {\n  run(n) {\n    return n;\n  }\n}\nconst s = new S();\nfunction f(n) {\n  return s.run(n);\n}`,
    "const f = (n) => n * K;\nconst K = 2;\nObject.freeze(f);\nf.calls = 0;".replace("Object.freeze(f);\n", ""),
    "this is no program",
  ])("and nothing else: %j", (program) => expect(withoutJavascriptTrials(program)).toBe(program));
});

describe.skipIf(!hasSandbox)("a program with trials of its own below its functions", () => {
  const family = createCode({ limits: { wallMs: 8_000 } });
  const passed = async (text: string, more: object) => {
    const task = CodeTask.parse({ question: "Write f.", ...more });
    return (await family.read(text, task))?.checks?.passed;
  };
  const python = { tests: ["assert f(1) == 2"] };
  const javascript = { language: "javascript", tests: ["assert.equal(f(1), 2)"] };

  it.each(Object.entries(pythonTrials("f")))(
    "passes in Python where it is right, and not where it is wrong: %s",
    async (_, trial) => {
      expect(await passed(`\`\`\`python\n${F}\n\n${trial}\n\`\`\``, python)).toBe(1);
      expect(await passed(`${F.replace("+", "-")}\r\n\r\n${trial}`, python)).toBe(0);
    },
  );

  it.each(Object.entries(javascriptTrials("f")))(
    "passes in JavaScript where it is right, and not where it is wrong: %s",
    async (_, trial) => {
      expect(await passed(`\`\`\`js\n${G}\n\n${trial}`, javascript)).toBe(1);
      expect(await passed(`\`\`\`js\n${G.replace("+", "-")}\n\n${trial}\n\`\`\``, javascript)).toBe(0);
    },
  );

  it.each([
    [
      "a block of its own that is never closed",
      "```python\nimport math\nK = 1\n```\nand\n```python\ndef g(n):\n    return n + K\n```\nthen\n```python\ndef f(n):\n    return math.floor(g(n))\n",
    ],
    ["tabs and line ends of Windows", "```python\r\ndef f(n):\r\n\tif n:\r\n\t\treturn n + 1\r\n\treturn 1\r\n```"],
    ["a module that is not there and that nothing uses", `import numpy as np\n${F}`],
    ["prose behind it", `${F}\n\nprint(f(1))\n\nThis adds one to a number.`],
    [
      "another conversation behind its end",
      `\`\`\`python\n${F}\n\`\`\`<|im_end|>\n<|im_start|>user\n\`\`\`python\ndef f(n):\n    return 0\n\`\`\``,
    ],
  ])("is found with %s", async (_, text) => expect(await passed(text, python)).toBe(1));
});
