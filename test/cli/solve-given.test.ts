import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasSandbox } from "../families/code/there.js";
import { cliSuite, PAIR } from "../support/cli-suite.js";
import { documentOf } from "../support/contract.js";

const cli = cliSuite();

/** A file in a fresh home. */
function given(name: string, text: string): { home: string; file: string } {
  const home = cli.home();
  writeFileSync(join(home, name), text);
  return { home, file: join(home, name) };
}

const TESTS = "assert double(2) == 4\nassert double(0) == 0\n";
const WRONG = "```python\ndef double(x):\n    return x + 2\n```";
const RIGHT = "```python\ndef double(x):\n    return 2 * x\n```";

test.each([
  [["--family", "math", "--choices", "a,b"], '--choices means nothing to the family "math"'],
  [["--family", "chat", "--entry-point", "f"], '--entry-point means nothing to the family "chat"'],
  [["--language", "javascript"], '--language means nothing to the family "math"'],
])("a flag that the family does not know is refused before any call: %j", async (flags, said) => {
  const server = await cli.serve(() => "4");
  const args = ["solve", "What is 2 + 2?", ...flags, ...PAIR, "--no-save"];
  const end = await cli.run(args, { home: cli.home(), url: server.url });
  expect(end.code).toBe(2);
  expect(end.stderr).toContain(said);
  expect(server.requests).toHaveLength(0);
});

test("--reasoning program that is of no use for a question is told before it is asked", async () => {
  const server = await cli.serve(() => "Answer: yes");
  const args = ["solve", "Is it so?", "--choices", "yes,no", "--reasoning", "program", ...PAIR, "--no-save"];
  const end = await cli.run(args, { home: cli.home(), url: server.url });
  expect(end.stderr).toMatch(/No programs are written: --reasoning program .*--family math/);
});

test.each([
  ["--tests", "other.py"],
  ["--choices", "a,b"],
  ["--entry-point", "f"],
])("a thread that is resumed has its own %s", async (flag, value) => {
  const end = await cli.run(["solve", "--thread", "t", flag, value, ...PAIR], { home: cli.home() });
  expect(end.code).toBe(2);
  expect(end.stderr).toContain(`${flag} goes with a question`);
});

describe.skipIf(!hasSandbox)("cope solve --tests", () => {
  test("prints the first program that passes, with what it passed, and asks the large model nothing", async () => {
    const { home, file } = given("visible.py", TESTS);
    const server = await cli.serve(() => RIGHT);
    const args = ["solve", "Write a function that doubles a number.", "--tests", file, ...PAIR, "--no-save"];
    const end = await cli.run(args, { home, url: server.url });
    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(/^Answer:\ndef double\(x\):\n {4}return 2 \* x\nTests: {2}passes 2 of 2\n/);
    expect(end.stderr).toMatch(/Family: code \(auto: .*tests/);
    // A goal and one sample: the first that passes is enough.
    expect(server.requests).toHaveLength(2);
  });

  test("shows a critique what failed, and tells of an answer that passes nothing what it failed at", async () => {
    const { home, file } = given("visible.py", TESTS);
    const server = await cli.serve(() => WRONG);
    const flags = ["--guideline", "critique", "--samples", "2", "--json", "--strategy", "cope:direct"];
    const args = ["solve", "Double a number.", "--tests", file, ...PAIR, ...flags];
    const { answer, stages } = documentOf(await cli.run(args, { home, url: server.url }));
    expect(answer).toMatchObject({ stage: "takeover", checks: { passed: 1, total: 2 } });
    expect(answer.value).toBe("def double(x):\n    return x + 2");
    expect(answer.checks.failures).toMatchObject([{ test: "assert double(0) == 0", why: "double(0) returned 2" }]);
    expect(stages.map(({ decision }: any) => decision)).toEqual(["escalate", "escalate", "last"]);
    const asked = server.requests.map(({ messages }) => messages.at(-1)!.content);
    expect(asked.some((text) => text.includes("2 programs failed at assert double(0) == 0"))).toBe(true);
  });

  test("refuses a file without a test, one with a syntax error, and a language it cannot run", async () => {
    const server = await cli.serve(() => RIGHT);
    const cases = [
      ["def helper(): pass\n", [], /TASK_INVALID.*no test/],
      ["assert f(1 == 2\n", [], /TASK_INVALID.*line 1/],
      [TESTS, ["--language", "cobol"], /OPTIONS_INVALID.*--language/],
    ] as const;
    for (const [text, more, said] of cases) {
      const { home, file } = given("visible.py", text);
      const end = await cli.run(["solve", "f", "--tests", file, ...more, ...PAIR], { home, url: server.url });
      expect(end.code).toBe(2);
      expect(end.stdout).toBe("");
      expect(end.stderr).toMatch(said);
    }
    expect(server.requests).toHaveLength(0);
  });
});

describe("cope solve with what checks its answer", () => {
  test("votes over labels, from the line or from a file", async () => {
    const server = await cli.serve(() => "It is praise. Answer: positive");
    const { home, file } = given("labels.txt", "positive\nnegative\n");
    for (const choices of ["positive,negative", file]) {
      const args = ["solve", "I love it.", "--choices", choices, ...PAIR, "--json", "--no-save"];
      const { answer } = documentOf(await cli.run(args, { home, url: server.url }));
      expect(answer).toMatchObject({ value: "positive", stage: "solo", confidence: 0.75 });
    }
  });

  test("extracts by a schema, and refuses a file that is none", async () => {
    const server = await cli.serve(() => '```json\n{"name": "Ada", "year": 1815}\n```');
    const schema = { type: "object", properties: { name: { type: "string" }, year: { type: "integer" } } };
    const { home, file } = given("person.json", JSON.stringify({ ...schema, required: ["name", "year"] }));
    const args = (path: string) => ["solve", "Ada was born in 1815.", "--schema", path, ...PAIR, "--json", "--no-save"];
    const { answer } = documentOf(await cli.run(args(file), { home, url: server.url }));
    expect(JSON.parse(answer.value)).toEqual({ name: "Ada", year: 1815 });
    const broken = given("broken.json", "{");
    const end = await cli.run(args(broken.file), { home: broken.home, url: server.url });
    expect([end.code, end.stdout]).toEqual([2, ""]);
    expect(end.stderr).toMatch(/FILE_BROKEN/);
    const missing = await cli.run(args(join(home, "none.json")), { home, url: server.url });
    expect([missing.code, missing.stdout]).toEqual([2, ""]);
  });

  test("knows the second turn of a thread by the first", async () => {
    const server = await cli.serve(({ messages }) =>
      messages.some(({ content }) => content.includes("seven")) ? "The final answer is $\\boxed{14}$." : "seven",
    );
    const home = cli.home();
    const ask = (question: string) =>
      cli.run(["solve", question, "--thread", "t", "--family", "math", "--strategy", "small", ...PAIR, "--json"], {
        home,
        url: server.url,
      });
    await ask("How much is 3 + 4?");
    expect(documentOf(await ask("And twice that?")).answer.value).toBe("14");
    expect(server.requests.at(-1)!.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  });
});
