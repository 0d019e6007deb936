import { describe, expect, it } from "vitest";
import { createCode } from "../../../src/families/code/index.js";
import { plainProgram } from "../../../src/families/code/same.js";
import { CodeTask } from "../../../src/families/code/task.js";
import { familyContract } from "../../../src/testing/index.js";
import { fakeRunner } from "./fake-runner.js";
import { DOUBLE, HEAD, headTask, taskOf } from "./tasks.js";

const runner = { describe, it };
const fence = (code: string) => `\`\`\`python\n${code}\n\`\`\``;
const tested = taskOf({ tests: ["needs 2 * n"], entryPoint: "double" });
const history = taskOf({ history: [{ role: "user", content: "Hello." }] });

for (const [name, task] of [
  ["code", tested],
  ["code without tests", taskOf()],
] as const)
  familyContract(
    name,
    () => createCode({ runner: fakeRunner() }),
    {
      tasks: [task, headTask, history, taskOf({ language: "javascript" })],
      readable: [
        { text: fence(DOUBLE), value: DOUBLE },
        { text: DOUBLE, value: DOUBLE },
      ],
      unreadable: [
        "I cannot.",
        "```java\nint f() {}\n```",
        fence("1 + 1"),
        fence(`${DOUBLE}\n${"# x\n".repeat(30_000)}`),
      ],
      same: [[DOUBLE, `# twice\n${DOUBLE.replace("\n", "\n\n")}  \n`]],
      different: [[DOUBLE, DOUBLE.replace("2", "3")]],
    },
    { runner },
  );

describe("a task of code", () => {
  it("needs a question alone", () => {
    expect(CodeTask.parse({ question: " Write f. " })).toEqual({ question: "Write f.", language: "python", tests: [] });
  });

  it.each<[title: string, task: Record<string, unknown>, told: RegExp]>([
    ["no question", { question: " " }, /the question is empty/],
    ["another language", { language: "ruby" }, /language/],
    ["an empty test", { tests: ["assert f(1)", " "] }, /a test is empty/],
    ["tests that are no list", { tests: "assert f(1)" }, /tests/],
    ["too many tests", { tests: Array(501).fill("assert f(1)") }, /more than 500 tests/],
    ["a test of 1 MB", { tests: ["x".repeat(1_000_000)] }, /a test has more than/],
    ["an entry point that is no name", { entryPoint: "f(x)" }, /no name of a function/],
    ["an import that is none", { imports: ["print(1)"] }, /an import statement on one line is needed/],
    [
      "an import with more behind it",
      { imports: ["import os\nprint(1)"] },
      /an import statement on one line is needed/,
    ],
  ])("is refused with %s", (_, task, told) => {
    const parsed = CodeTask.safeParse({ question: "Write f.", ...task });
    expect(JSON.stringify(parsed.error?.issues)).toMatch(told);
  });
});

describe("prompts for code", () => {
  const { prompts } = createCode({ runner: fakeRunner() });
  const last = (messages: { content: string }[]) => messages.at(-1)!.content;

  it("name the function, and show the visible tests and no other", () => {
    const task = taskOf({ tests: ["assert double(2) == 4"], setup: "SECRET = 1" });
    for (const text of [last(prompts.execute(task, {})), last(prompts.plan(task, { kind: "goal", style: "method" }))]) {
      expect(text).toContain("Name the function `double`.");
      expect(text).toContain("```python\nassert double(2) == 4\n```");
      expect(text).not.toContain("SECRET");
    }
  });

  it("ask to complete a head, and do not repeat the examples that stand in it", () => {
    const text = last(prompts.execute({ ...headTask, tests: [...headTask.tests, "assert roots([]) == []"] }, {}));
    expect(text).toContain(`Complete this function:\n\`\`\`python\n${HEAD}`);
    expect(text).toContain("It must pass:\n```python\nassert roots([]) == []\n```");
    expect(text).not.toContain("assert roots([4, 9])");
  });

  it("show so many tests as keep the prompt short, and none of them cut", () => {
    const long = `assert double(${"1".repeat(3_000)}) == 2`;
    expect(last(prompts.execute(taskOf({ tests: [long] }), {}))).not.toContain("111");
    const many = Array.from({ length: 500 }, (_, i) => `assert double(${i}) == ${2 * i}`);
    expect(last(prompts.execute(taskOf({ tests: many }), {})).length).toBeLessThan(600);
  });

  it("show a critique which tests failed and how, and ask for no code", () => {
    const failures = [{ test: "assert double(2) == 4", why: "double(2) returned 5", samples: 3 }];
    const text = last(prompts.plan(taskOf(), { kind: "guideline", style: "critique", failures }));
    expect(text).toContain("- 3 programs failed at assert double(2) == 4: double(2) returned 5");
    expect(text).toMatch(/no code\.$/);
  });

  it("speak of the task's language", () => {
    expect(prompts.execute(taskOf({ language: "javascript" }), {})[0]!.content).toContain("JavaScript");
  });

  it("put the conversation before the question", () => {
    expect(prompts.execute(history, {}).map(({ role }) => role)).toEqual(["system", "user", "user"]);
  });

  it.each(["```python", "def double(n):", "import math", "from math import sqrt", "function double(n) {"])(
    "take %j for no plan",
    (text) => {
      expect(prompts.tidyPlan(text, "guideline")).toBe("");
    },
  );

  it("let an executor's text end behind its block, and not before", () => {
    const [stop] = prompts.limits.execute.stop!;
    expect(`Here it is:\n\n${fence(DOUBLE)}\n\nIt doubles.`.split(stop!)[0]).toBe(
      `Here it is:\n\n\`\`\`python\n${DOUBLE}`,
    );
    expect(`Here:\n\`\`\`\n${DOUBLE}`).not.toContain(stop);
  });
});

describe("programs as texts", () => {
  it("are the same but for comments, blank lines and spaces at line ends", () => {
    expect(plainProgram(`# a\n${DOUBLE}  \n\n    # b`)).toBe(DOUBLE);
    expect(plainProgram("function f() {\n  // a\n  return 1;\n}")).toBe("function f() {\n  return 1;\n}");
    expect(plainProgram("def f(a):\n    return (a\n    // 2)")).toContain("// 2");
  });
});
