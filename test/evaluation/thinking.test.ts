import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/evaluation/evaluation.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { createCopeMethod } from "../../src/evaluation/methods/cope.js";
import { outcomeOn } from "../../src/evaluation/outcomes.js";
import { readRecording } from "../../src/evaluation/recorded.js";
import { scriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { temporaryFolder } from "../support/folder.js";
import { fallibleModel, numberProblems } from "./random-models.js";

const ROOM = 3_000;

/** A model that is right now and then, and thinks first; `always` within its limit, else it thinks all of its tokens away without room. */
function thinker(name: string, right: number, always: boolean): ScriptedModel {
  const answers = fallibleModel(name, right, { fails: false });
  return scriptedModel(
    async (asked) => {
      if (!always && Number(asked.options["maxTokens"]) < ROOM) return { text: "<think>\nhm", finish: "length" };
      const messages = asked.messages.map(({ role, content }) => ({ role, content: content as string }));
      const { text } = await answers.invoke(messages, { seed: asked.seed });
      return `<think>\nhm\n</think>\n${text}`;
    },
    { as: `test:${name}` },
  );
}

/** What methods came to, without times. */
const told = ({ outcomes }: Evaluation) =>
  [...outcomes.values()].flat().map(({ value, ended, confidence, right }) => ({ value, ended, confidence, right }));

const problems = numberProblems(12);

describe.each([
  ["away without room", false],
  ["within its limits", true],
])("a recording of models that are seen to think, %s", (_, always) => {
  const record = async (tape: string, calls?: number) => {
    const models = { small: thinker("small", 0.5, always), large: thinker("large", 0.8, always) };
    const evaluation = await evaluate({
      data: "numbers",
      problems,
      methods: [createCopeMethod({ samples: 4 })],
      models,
      tape,
      thinking: { tokens: ROOM },
      atOnce: 2,
      ...(calls === undefined ? {} : { limits: { calls } }),
    });
    const asked = [...models.small.asked, ...models.large.asked].map(({ messages, seed, options }) =>
      JSON.stringify([messages, seed, options["maxTokens"]]),
    );
    return { evaluation, asked };
  };

  it("keeps who thinks, and is read again without a call", async () => {
    const tape = join(temporaryFolder(), "tape.sqlite");
    const first = await record(tape);
    expect(first.asked.length).toBeGreaterThan(0);
    const recorded = await readRecording(tape);
    const { recording, draws, views } = recorded;
    expect(recording.thinks?.toSorted()).toEqual(["large", "small"]);
    expect(draws.filter(({ text, thinking }) => text.includes("think") || thinking === undefined)).toEqual([]);
    const method = createCopeMethod({ samples: 4 });
    expect(views.map((view) => outcomeOn(method, view))).toEqual(first.evaluation.outcomes.get(method.name));
    const again = await record(tape);
    expect(again.asked).toEqual([]);
    expect(again.evaluation.outcomes).toEqual(first.evaluation.outcomes);
  });

  it("comes to the same where it is resumed after a limit, and asks for nothing twice", async () => {
    const whole = await record(join(temporaryFolder(), "tape.sqlite"));
    const tape = join(temporaryFolder(), "tape.sqlite");
    const part = await record(tape, Math.ceil(whole.asked.length / 2));
    expect(part.evaluation.stopped).toBe("budget");
    const rest = await record(tape);
    expect(told(rest.evaluation)).toEqual(told(whole.evaluation));
    expect(rest.asked.filter((request) => part.asked.includes(request))).toEqual([]);
  });
});
