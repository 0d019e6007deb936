import type { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent, createMiddleware } from "langchain";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Environment } from "../../src/environments/index.js";
import { createCopeAgent } from "../../src/integrations/agent.js";
import type { AgentCope } from "../../src/integrations/bill.js";
import { copeMiddleware } from "../../src/integrations/middleware.js";
import { memoryJournal } from "../../src/models/journal.js";
import type { CopeError } from "../../src/errors.js";
import { failure, scriptedModel } from "../../src/testing/index.js";
import { mortal } from "../support/mortal.js";
import { acting, adder, advising, asking, calls, UNSURE } from "./agents.js";

describe("createCopeAgent with tools", () => {
  it("acts, is advised, and is stood in for, like an agent with the middleware", async () => {
    const { add, added } = adder();
    const small = acting([UNSURE, "5"], [calls(2, 3), "5"]);
    const agent = createCopeAgent({ small, large: advising("Add."), tools: [add], systemPrompt: "Be exact." });
    const { messages, cope } = await agent.invoke(asking("2 + 3?"));
    expect(messages.at(-1)!.text).toBe("5");
    expect(added).toEqual([{ a: 2, b: 3 }]);
    expect(cope!.bill.byStage).toEqual({ guided: 1, small: 1 });
    expect(small.asked[0]!.system).toContain("Be exact.");
  });

  it("takes a model as createCope does: by name, or as a function", async () => {
    const { add } = adder();
    const said = acting(["fine"]);
    const { messages } = await createCopeAgent({ small: () => said, large: said, tools: [add] }).invoke(
      asking("hello"),
    );
    expect(messages.at(-1)!.text).toBe("fine");
    const unknown = createCopeAgent({ small: "nobody:nothing", large: said, tools: [add] });
    await expect(unknown.invoke(asking("hello"))).rejects.toThrow("PROVIDER_UNKNOWN");
  });

  it("types tell what the agent's state holds, with other middleware beside it", () => {
    const { add } = adder();
    const counting = createMiddleware({ name: "counting", stateSchema: z.object({ count: z.number() }) });
    const agent = createCopeAgent({ large: "openai:gpt-4o", tools: [add], middleware: [counting] });
    type Result = Awaited<ReturnType<typeof agent.invoke>>;
    expectTypeOf<Result["cope"]>().toEqualTypeOf<AgentCope | undefined>();
    expectTypeOf<Result["count"]>().toEqualTypeOf<number>();
    const plain = createAgent({ model: "openai:gpt-4o", tools: [add], middleware: [copeMiddleware({ large: "x:y" })] });
    expectTypeOf<Awaited<ReturnType<typeof plain.invoke>>["cope"]>().toEqualTypeOf<AgentCope | undefined>();
    expectTypeOf<Awaited<ReturnType<typeof plain.invoke>>["messages"][number]["text"]>().toEqualTypeOf<string>();
    // @ts-expect-error An option that there is not.
    expect(() => copeMiddleware({ lagre: "openai:gpt-4o" })).toThrow("OPTIONS_INVALID");
  });

  it("wants tools or an environment", () => {
    expect(() => createCopeAgent({} as never)).toThrow("OPTIONS_INVALID");
  });
});

/** A corridor of rooms 0 … 3; the treasure is in the last. */
function corridor(): Environment & { given: string[] } {
  let room = 0;
  let seen = "You are in room 0.";
  const given: string[] = [];
  return {
    given,
    goal: "Be in room 3.",
    get done() {
      return room === 3;
    },
    observe: () => seen,
    actions: () => ["go east", ...(room > 0 ? ["go west"] : [])],
    step(command) {
      given.push(command);
      if (room < 3 && command === "go east") room += 1;
      else if (room > 0 && room < 3 && command === "go west") room -= 1;
      else seen = "Nothing happens.";
      seen = `You are in room ${room}.`;
      return { observation: seen, done: room === 3, reward: room === 3 ? 1 : 0 };
    },
    save: () => ({ room, seen }),
    restore(saved) {
      ({ room, seen } = saved as { room: number; seen: string });
    },
  };
}

const east = () => scriptedModel(() => "I go on.\nAction: go east");
const lost = () => scriptedModel(({ index }) => `Action: ${["go east", "go west", "dance", "sing"][index! % 4]}`);

describe("createCopeAgent in an environment", () => {
  it("observes, decides and acts until the end is reached, and tells who decided what and why", async () => {
    const environment = corridor();
    const agent = createCopeAgent({ small: east(), large: east(), environment });
    const { done, reward, steps, transcript, cope } = await agent.invoke({});
    expect({ done, reward }).toEqual({ done: true, reward: 1 });
    expect(steps.map(({ command, by }) => [command, by])).toEqual([
      ["go east", "small"],
      ["go east", "small"],
      ["go east", "small"],
    ]);
    expect(transcript).toContain("1. > go east\n   (small: ");
    expect(transcript).toContain("Reached, after 3 steps (small 3).");
    expect(cope.bill).toMatchObject({ steps: 3, byStage: { small: 3 } });
  });

  it("sees the goal, what happened so far, and the commands that fit now", async () => {
    const small = east();
    await createCopeAgent({ small, large: east(), environment: corridor(), systemPrompt: "Be bold." }).invoke({});
    const { system, messages, user } = small.asked.at(-1)!;
    expect(system).toBe("Be bold.\n\nYour goal: Be in room 3.");
    expect(messages.slice(1, -1).map(({ content }) => content)).toEqual([
      "You are in room 0.",
      "Action: go east",
      "You are in room 1.",
      "Action: go east",
    ]);
    expect(user).toContain("You are in room 2.");
    expect(user).toContain("- go west");
  });

  it("the large model takes the step that the small one cannot settle on", async () => {
    const large = scriptedModel(({ purpose }) =>
      purpose === "guideline" ? "Go where you have not been." : "Action: go east",
    );
    const { steps, done } = await createCopeAgent({ small: lost(), large, environment: corridor() }).invoke({});
    expect(done).toBe(true);
    expect(steps.map(({ by }) => by)).toContain("takeover");
  });

  it("a step at which no model names a possible command counts, changes nothing, and is told", async () => {
    const environment = corridor();
    const dancer = scriptedModel(() => "Action: dance");
    const { steps, transcript } = await createCopeAgent({
      small: dancer,
      large: dancer,
      environment,
      maxSteps: 2,
    }).invoke({});
    expect(steps.map(({ command }) => command)).toEqual(["", ""]);
    expect(environment.given).toEqual([]);
    expect(transcript).toContain("Not at its end, after 2 steps");
    expect(
      dancer.asked
        .at(-1)!
        .messages.map(({ content }) => content)
        .join("\n"),
    ).toContain("That is no command that is possible now.");
  });

  it("tells by its error what the steps before have spent, too", async () => {
    const tiring = scriptedModel(({ messages }) => (messages.length > 4 ? failure("refused") : "Action: go east"));
    const agent = createCopeAgent({ small: tiring, large: tiring, environment: corridor() });
    const error = await agent.invoke({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "REFUSED", spent: { calls: tiring.asked.length } });
  });

  it("each run begins where the environment was when the agent was made", async () => {
    const agent = createCopeAgent({
      small: east(),
      large: east(),
      environment: corridor(),
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "t" } };
    const first = await agent.invoke({}, config);
    const second = await agent.invoke({}, config);
    expect(second.steps).toEqual(first.steps.map((step) => ({ ...step, report: expect.anything() })));
  });

  it("goes on in another process, with an environment made anew, and asks nothing again", async () => {
    const saver = new MemorySaver();
    const journal = { ...memoryJournal(), durable: true };
    const life = mortal(saver, journal);
    const config = { configurable: { thread_id: "t" }, durability: "sync" as const };
    const dying = scriptedModel(({ messages }) => {
      if (messages.length > 4) life.die();
      return "Action: go east";
    });
    const common = { large: east(), maxSteps: 5 };
    void createCopeAgent({
      ...common,
      small: dying,
      environment: corridor(),
      checkpointer: life.saver,
      journal: life.journal,
    }).invoke({}, config);
    await life.dead;
    const small = east();
    const environment = corridor();
    const { done, steps } = await createCopeAgent({
      ...common,
      small,
      environment,
      checkpointer: saver,
      journal,
    }).invoke(null as never, config);
    expect(done).toBe(true);
    expect(steps).toHaveLength(3);
    // Only the step that was under way.
    expect(small.asked.every(({ messages }) => messages.length > 4)).toBe(true);
    expect(environment.given).toEqual(["go east"]);
  });
});

it("an agent's final message is the model's whole text", async () => {
  const { add } = adder();
  const { messages } = await createCopeAgent({
    small: acting(["All in all: 5."]),
    large: advising(""),
    tools: [add],
  }).invoke(asking("?"));
  expect((messages.at(-1) as AIMessage).text).toBe("All in all: 5.");
});

/** A world of these commands that says nothing, and notes what it is given. */
function silent(actions: string[], more: Partial<Environment> = {}): Environment & { given: string[] } {
  const given: string[] = [];
  return {
    given,
    goal: "Do it.",
    done: false,
    observe: () => "",
    actions: () => actions,
    step: (command) => (given.push(command), { observation: "", done: false }),
    save: () => given.length,
    restore: () => {},
    ...more,
  };
}

const says = (text: string) => scriptedModel(() => text);

describe("a world that is out of the ordinary", () => {
  const one = { maxSteps: 1 };

  it("may say nothing: the agent goes on, and sends no empty message", async () => {
    const environment = silent(["a", "b"]);
    const small = scriptedModel(({ messages }) => `Action: ${messages.length > 3 ? "b" : "a"}`);
    const { steps } = await createCopeAgent({ small, large: small, environment, maxSteps: 2 }).invoke({});
    expect(steps.map(({ command }) => command)).toEqual(["a", "b"]);
    expect(small.asked.flatMap(({ messages }) => messages).every(({ content }) => content.trim() !== "")).toBe(true);
  });

  it.each([
    [["press a", "press A"], "press A"],
    [["take a key", "take the key"], "take the key"],
    [["2 * 3", "2 _ 3"], "2 _ 3"],
    [[",", "."], "."],
    [[" go "], " go "],
    [["go\nnorth"], "go\nnorth"],
  ])("is given the very command that was meant, of %j", async (actions, meant) => {
    const environment = silent(actions);
    const small = says(`Action: ${meant.replace("\n", " ")}`);
    await createCopeAgent({ small, large: small, environment, ...one }).invoke({});
    expect(environment.given).toEqual([meant]);
  });

  it.each<[string, Partial<Environment>, RegExp]>([
    [
      "throws at a step",
      {
        step: () => {
          throw new Error("out of memory");
        },
      },
      /out of memory/,
    ],
    ["gives back no outcome", { step: () => ({ observation: "So." }) as never }, /done/],
    ["cannot say what fits", { actions: () => undefined as never }, /actions/],
    ["has an empty command", { actions: () => ["a", " "] }, /empty/],
    ["has no text to show", { observe: () => 7 as never }, /observe/],
  ])("ends the run by a coded error where it %s", async (_, broken, said) => {
    const small = says("Action: a");
    const agent = createCopeAgent({ small, large: small, environment: silent(["a"], broken) });
    const error = await agent.invoke({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ENVIRONMENT_FAILED", reason: expect.stringMatching(said) });
    expect((error as CopeError).spent!.calls).toBe(small.asked.length);
    expect(small.asked.length > 0).toBe(broken.step !== undefined);
  });

  it("that is over before the first step costs nothing", async () => {
    const small = says("never");
    const over = silent([], { done: true });
    const { done, steps, transcript } = await createCopeAgent({ small, large: small, environment: over }).invoke({});
    expect({ done, steps, asked: small.asked }).toEqual({ done: true, steps: [], asked: [] });
    expect(transcript).toContain("At its end before the first step.");
  });

  it("or none at all is told where the agent is made", () => {
    for (const wrong of [
      undefined,
      { environment: {} },
      { environment: null },
      { tools: "none" },
      { environment: corridor(), family: "math" },
    ])
      expect(() => createCopeAgent(wrong as never)).toThrow("OPTIONS_INVALID");
  });
});
