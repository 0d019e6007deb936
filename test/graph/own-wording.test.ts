import { describe, expect, it } from "vitest";
import { createCope } from "../../src/graph/cope.js";
import type { CopeOptions } from "../../src/graph/options.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { openTape } from "../../src/models/tape.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import { openSaver } from "../../src/checkpoint/sqlite-saver.js";
import { answering } from "../support/fake-model.js";

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
