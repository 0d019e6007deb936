import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCope } from "../../src/graph/cope.js";
import type { CopeOptions } from "../../src/graph/options.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { openTape } from "../../src/models/tape.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import { openSaver } from "../../src/checkpoint/sqlite-saver.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { scoringOf } from "../../src/evaluation/scoring.js";
import { answering } from "../support/fake-model.js";
import { temporaryFolder } from "../support/folder.js";

const ask = (options: object) =>
  createCope({ small: answering("42"), large: answering("42"), family: "math", samples: 2, ...options } as CopeOptions)
    .compile()
    .invoke({ question: "How many?" });

describe("prompts of one's own", () => {
  it.each([
    [{ exceute: () => [] }, /there is no "exceute"/],
    [{ execute: "text" }, /prompts\.execute: a function is needed/],
    [{ limits: { goals: { maxTokens: 3 } } }, /there is no "goals"/],
    [{ limits: { goal: { maxTokens: 0 } } }, /maxTokens/],
  ])("%j are refused when the graph is made", (prompts, words) => {
    expect(() => createCope({ prompts } as never)).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID", message: expect.stringMatching(words) }),
    );
  });

  it.each([
    [{ execute: () => "Solve it." }, /prompts\.execute returned string/],
    [{ execute: async () => [{ role: "user", content: "Solve it." }] }, /prompts\.execute returned a promise/],
    [{ plan: () => undefined }, /prompts\.plan returned undefined/],
    [{ plan: () => [{ role: "user" }] }, /prompts\.plan returned a list/],
    [{ tidyPlan: () => null }, /prompts\.tidyPlan returned null/],
  ])("that return no messages end in a coded error: %#", async (prompts, words) => {
    const error = await ask({ prompts }).catch((thrown: unknown) => thrown);
    // Several samples meet the same fault in one step.
    const [first] = error instanceof AggregateError ? error.errors : [error];
    expect(first).toMatchObject({ code: "OPTIONS_INVALID", message: expect.stringMatching(words) });
  });
});

it.each([undefined, null, "openai:gpt-4o", {}])(
  "a model function that returns %j ends in a coded error",
  async (model) => {
    await expect(ask({ small: () => model })).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
      message: expect.stringContaining("a function that builds a model returned"),
    });
  },
);

it("what needs a path, or anything at all, says so", async () => {
  const coded = expect.objectContaining({ code: "OPTIONS_INVALID" });
  for (const path of [undefined, null, "", 7] as never[]) {
    expect(() => openTape(path)).toThrow(coded);
    expect(() => sqliteJournal(path)).toThrow(coded);
    await expect(openSaver(path)).rejects.toThrow(coded);
  }
  for (const options of [{}, { data: "d", tape: "t", methods: [], problems: [] }, { problems: "all" }] as never[])
    await expect(evaluate(options)).rejects.toThrow(coded);
});

it("a problem that its family cannot solve is named before anything is asked, and defaults of its task are filled in", async () => {
  const problem = { id: "p7", family: "code", gold: null, about: {} };
  const tape = join(temporaryFolder(), "t.sqlite");
  const methods = resolveMethods(["small"], { scoring: scoringOf("code", { logprobs: false }) });
  const small = answering("def f():\n    return 1");
  const run = (task: object) =>
    evaluate({ data: "d", tape, methods, models: { small, large: small }, problems: [{ ...problem, task } as never] });
  await expect(run({ question: "Write f.", language: "cobol" })).rejects.toMatchObject({
    code: "TASK_INVALID",
    message: expect.stringMatching(/problem "p7".*language/),
  });
  expect((await run({ question: "Write f." })).problems).toMatchObject([{ id: "p7" }]);
});
