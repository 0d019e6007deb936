import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope, resolveStages, type CopeOptions, type Scorer, type StageInput } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { answering, FakeModel, isPlan } from "../support/fake-model.js";
import { startOpenAiServer } from "../support/openai-server.js";
import { plain } from "../support/plain-family.js";

const run = (options: CopeOptions, input: object = {}) =>
  createCope({ family: plain, ...options })
    .compile()
    .invoke({ question: "q", ...input });

describe("a part of one's own changes what it should", () => {
  it("a family: its name, what it reads and how it prints", async () => {
    const family: CopeOptions["family"] = {
      ...plain,
      name: "shouting",
      read: (text) => ({ value: { said: text }, by: "ear" }),
      print: ({ said }) => `${said}!`,
      same: (a, b) => (a as { said: string }).said === (b as { said: string }).said,
    };
    const graph = createCope({ family, small: answering("hey"), large: answering("x") }).compile();
    const { answer, stages } = await graph.invoke({ question: "q" });
    expect(answer).toMatchObject({ value: "hey!", text: "hey" });
    expect(stages[0]!.why).toContain("agree");
    // By its name it can be asked for, and the built-in ones still can.
    await expect(graph.invoke({ question: "q", options: { family: "shouting" } })).resolves.toBeDefined();
    await expect(graph.invoke({ question: "q", options: { family: "poetry" } })).rejects.toThrow(/shouting, math/);
  });

  it("a family's schema: a task that does not fit is refused before any call", async () => {
    const small = answering("42");
    const family = { ...plain, task: plain.task.refine(({ question }) => question.endsWith("?"), "no question mark") };
    await expect(run({ family, small })).rejects.toMatchObject({ code: "TASK_INVALID" });
    expect(small.asked).toHaveLength(0);
  });

  it("a scorer, as a function: its confidence decides, and its words are in the report", async () => {
    const content: Scorer = (samples) => ({
      low: 1,
      high: 1,
      winner: samples.at(-1)!.id,
      leader: samples.at(-1)!.id,
      why: "the last one is always best",
    });
    const { answer, stages } = await run({ small: bySample({ solo: UNLIKE }), large: answering("x"), scorer: content });
    // Without `missing` a scorer is shown all samples at once.
    expect(answer).toMatchObject({ value: "h", stage: "solo", confidence: 1 });
    expect(stages[0]).toMatchObject({ drawn: 8, why: expect.stringContaining("the last one is always best") });
  });

  it("an equality: what it calls the same votes together", async () => {
    const small = bySample({ solo: ["yes", "Yes", "YES", "yEs", "yeS", "YeS", "no", "no"] });
    const options = { small, large: answering("x"), thresholds: [0.75, 0.5] };
    const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();
    expect((await run({ ...options, same })).answer).toMatchObject({ value: "yes", stage: "solo" });
    const unlike = {
      ...options,
      small: bySample({ solo: ["yes", "Yes", "YES", "yEs", "yeS", "YeS"], guided: UNLIKE }),
    };
    expect((await run(unlike)).answer.stage).toBe("takeover");
  });

  it("prompts, in part: one is replaced, the others stay", async () => {
    const small = answering("42");
    const execute: typeof plain.prompts.execute = (task) => [{ role: "user", content: `OWN ${task.question}` }];
    await run({ small, large: answering("x"), prompts: { execute } });
    expect(small.asked.filter((asked) => !isPlan(asked)).map(({ user }) => user)).toEqual(Array(6).fill("OWN q"));
    expect(small.asked.filter(isPlan)).toHaveLength(6);
  });

  it("a stage list, with a role of its own", async () => {
    const middle = answering("from the middle");
    const stages: StageInput[] = [
      { name: "first", execute: { by: "middle", samples: 1, temperature: 0 }, accept: { threshold: 1 } },
      { name: "last", execute: { by: "large", samples: 1, temperature: 0 } },
    ];
    const { answer, ledger } = await run({ stages, models: { middle }, large: answering("x") });
    expect(answer).toMatchObject({ value: "from the middle", stage: "first" });
    expect(Object.keys(ledger.byRole)).toEqual(["middle"]);
  });
});

describe("options", () => {
  const options: CopeOptions = { small: bySample({ solo: UNLIKE, guided: UNLIKE }), large: answering("x") };

  it("mean the same at construction and at run time", async () => {
    const some = { samples: 4, thresholds: [1, 0.25], guideline: "critique", attempts: 1 } as const;
    const report = async (constructed: object, input: object) => {
      const { stages, answer } = await run({ ...options, ...constructed }, input);
      return { stages, answer };
    };
    const constructed = await report(some, {});
    expect(await report({}, { options: some })).toEqual(constructed);
    expect(constructed.stages[0]).toMatchObject({ planned: 4, threshold: 1 });
    expect(constructed.stages[1]).toMatchObject({ planned: 4, threshold: 0.25, decision: "accept" });
  });

  it.each([{ samples: 0 }, { thresholds: [2, 1] }, { seed: -1 }, { budget: { euros: 1 } }, { guideline: "song" }])(
    "%j is refused at both",
    async (wrong) => {
      const [field] = Object.keys(wrong);
      const coded = { code: "OPTIONS_INVALID", message: expect.stringContaining(field!) };
      expect(() => createCope(wrong as CopeOptions)).toThrow(expect.objectContaining(coded));
      await expect(run(options, { options: wrong })).rejects.toMatchObject(coded);
    },
  );

  it("an empty field of a form is no choice", async () => {
    const { stages } = await run({ ...options, samples: 4 }, { options: { samples: undefined, family: undefined } });
    expect(stages[0]!.planned).toBe(4);
  });

  it("a stage of one sample keeps its one, whatever n is", async () => {
    const { stages } = await run({ ...options, samples: 4 });
    expect(stages.at(-1)).toMatchObject({ name: "takeover", planned: 1 });
  });
});

describe("a model", () => {
  it("can be a string, an instance or a function that builds one for each sampling", async () => {
    const server = await startOpenAiServer(() => "by string");
    onTestFinished(() => server.close());
    vi.stubEnv("OPENAI_API_KEY", "none");
    vi.stubEnv("OPENAI_BASE_URL", server.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const large = answering("x");
    const texts: string[] = [];
    const temperatures = new Set<number>();
    const built: CopeOptions["small"] = ({ temperature }) => {
      temperatures.add(temperature);
      return answering("by function");
    };
    for (const small of ["openai:some", answering("by instance"), built]) {
      texts.push((await run({ small, large })).answer.text);
    }
    expect(texts).toEqual(["by string", "by instance", "by function"]);
    expect(server.requests[0]).toMatchObject({ model: "some", temperature: 0.8, max_tokens: 10 });
    // Goals and answers are sampled at their own temperatures.
    expect([...temperatures]).toEqual(expect.arrayContaining([0.8, 0.4]));
  });

  it("chosen at run time takes the place of the one given at construction", async () => {
    const server = await startOpenAiServer(() => "chosen later");
    onTestFinished(() => server.close());
    vi.stubEnv("OPENAI_API_KEY", "none");
    vi.stubEnv("OPENAI_BASE_URL", server.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const small = answering("given");
    const { answer } = await run({ small, large: answering("x") }, { options: { small: "openai:later" } });
    expect(answer.text).toBe("chosen later");
    expect(small.asked).toHaveLength(0);
  });

  it("that is missing for a role of the stages is a coded error that names the role", async () => {
    const stages: StageInput[] = [{ name: "only", execute: { by: "expert", samples: 1, temperature: 0 } }];
    await expect(run({ stages })).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
      message: expect.stringContaining('"expert"'),
    });
  });

  it("of a role that no stage uses is not opened", async () => {
    const large: CopeOptions["large"] = () => {
      throw new Error("opened");
    };
    await expect(run({ small: answering("s"), large, stages: "small" })).resolves.toMatchObject({
      answer: { text: "s" },
    });
  });
});

describe("a stage list", () => {
  const stage = (name: string, more: Partial<StageInput> = {}): StageInput => ({
    name,
    execute: { by: "small", samples: 8, temperature: 1 },
    accept: { threshold: 0.5 },
    ...more,
  });
  const goal = { by: "small", kind: "goal" } as const;

  it.each<[string, StageInput[], string]>([
    ["that is empty", [], "stages"],
    ["with a name twice", [stage("twin"), stage("twin")], '"twin"'],
    ["whose first stage has no threshold", [stage("open", { accept: undefined }), stage("end")], '"open"'],
    ["that shows a goal nobody wrote", [stage("blind", { sees: ["goal"] }), stage("end")], '"blind"'],
    ["that shows a guideline too early", [stage("early", { sees: ["guideline"] }), stage("end")], '"early"'],
    ["with a plan that nobody sees", [stage("vain", { plan: goal }), stage("end")], '"vain"'],
    ["with a name no node can have", [stage("Not Good")], "name"],
    ["with no samples", [stage("zero", { execute: { by: "small", samples: 0, temperature: 1 } })], "samples"],
    [
      "with a scorer nobody knows",
      [stage("odd", { accept: { threshold: 0.5, scorer: "dice" } }), stage("end")],
      "dice",
    ],
  ])("%s is refused at construction, naming what is wrong", (_, stages, named) => {
    expect(() => createCope({ family: plain, stages })).toThrow(
      expect.objectContaining({ name: "CopeError", message: expect.stringContaining(named) }),
    );
  });

  it("of an unknown name lists the known ones", () => {
    expect(() => resolveStages("cascades")).toThrow(/cope:s1s2.*majority/);
    expect(() => resolveStages("constructor")).toThrow(/OPTIONS_INVALID/);
  });

  it("in which a later stage sees the goal is right", () => {
    expect(resolveStages([stage("a", { plan: goal, sees: ["goal"] }), stage("b", { sees: ["goal"] })])).toHaveLength(2);
  });
});

it("is not disturbed by a model that is asked for two questions at the same time", async () => {
  const small = new FakeModel((asked) => (isPlan(asked) ? "goal" : `re: ${asked.user.split("\n")[0]}`));
  const graph = createCope({ family: plain, small, large: answering("x") }).compile();
  const answers = await Promise.all(["one", "two", "three"].map((question) => graph.invoke({ question })));
  expect(answers.map(({ answer }) => answer.value)).toEqual(["re: one", "re: two", "re: three"]);
});
