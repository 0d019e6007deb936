import { describe, expect, it } from "vitest";
import { createMath } from "../../../src/families/math/index.js";
import { findSandbox } from "../../../src/sandbox/index.js";
import { familyContract } from "../../../src/testing/index.js";
import { needs } from "../../support/needs.js";

const isThere = await findSandbox().then(
  () => true,
  () => false,
);
const here = needs("a sandbox", isThere);
const fenced = (code: string) => `\`\`\`python\n${code}\n\`\`\``;
const task = { question: "What is 6 * 7?" };

describe.runIf(here)("programs in the sandbox", () => {
  const family = createMath({ reasoning: "program" });

  it.each([
    ["print(6 * 7)", "42"],
    ["print(0.1 + 0.2)", "0.3"],
    ["print(84 / 2)", "42"],
    ["from fractions import Fraction\nprint(Fraction(1, 3) + Fraction(1, 6))", "1/2"],
    ["from fractions import Fraction\nprint([Fraction(1, 3), 2])", "1/3, 2"],
    ["print((3, 4.0))", "(3, 4)"],
    ["print({2, 1})", "\\{1, 2\\}"],
    ["print(2 ** 100)", "1267650600228229401496703205376"],
    ["import math\nprint(math.sqrt(2))", "1.41421356237"],
    ["print(10.0 ** 20)", "100000000000000000000"],
    ["print(complex(1, -2))", "1-2i"],
    ["print('x =', 5)", "x = 5"],
    ["def solution():\n    return 42", "42"],
    ["def main():\n    print(42)", "42"],
    ["if __name__ == '__main__':\n    print(42)", "42"],
    ["total = 6\ntotal = total * 7  # all", "42"],
  ])("%j gives %j", async (code, value) => {
    expect(await family.read(fenced(code), task)).toMatchObject({ value, by: "program" });
  });

  it.each([
    "print(1 / 0)",
    "print(41)\nimport sympy",
    "print(41",
    "import math",
    "print(input())",
    "import os\nos._exit(3)",
  ])("%j gives nothing", async (code) => {
    expect(await family.read(fenced(code), task)).toEqual({
      why: expect.stringMatching(/^the program (?:ended|printed)/),
      sandbox: expect.any(String),
    });
  });

  it("joins programs that go on from each other", async () => {
    expect(await family.read(`${fenced("x = 6")}\nNow:\n${fenced("print(x * 7)")}`, task)).toMatchObject({
      value: "42",
    });
  });
});

if (here)
  familyContract(
    "math by programs",
    () => createMath({ reasoning: "program" }),
    {
      tasks: [task, { ...task, history: [{ role: "user", content: "Hello" }] }],
      readable: [
        { text: fenced("print(6 * 7)"), value: "42" },
        { text: `${fenced("print(1 / 0)")}\nThe answer is 42.`, value: "42" },
      ],
      unreadable: ["I do not know.", fenced("print(1 / 0)")],
      same: [["1/2", "0.5"]],
      different: [["42", "41"]],
    },
    { runner: { describe, it } },
  );
