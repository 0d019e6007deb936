import { INTERRUPT, MemorySaver } from "@langchain/langgraph";
import { describe, it } from "vitest";
import {
  createCope,
  memoryJournal,
  Pending,
  recommendedRecursionLimit,
  resolveStages,
  strategies,
  type CopeOptions,
} from "../../src/index.js";
import { scriptedModel } from "../../src/testing/index.js";
import { golden } from "./golden.js";

const idle = scriptedModel([{ reply: "never asked" }]);

const ASKS: Readonly<Record<string, CopeOptions["ask"]>> = {
  nobody: undefined,
  "of guidelines": { guideline: true },
  "of sending": { leaving: true },
  "of both": { guideline: true, spendingAbove: 1 },
};

describe("what checkpoints name stays as it is", () => {
  it("the channels", () => {
    const graph = createCope({ small: idle, large: idle, family: "math" }).compile();
    golden("channels", {
      input: Object.keys(graph.builder._inputDefinition ?? {}),
      output: graph.outputChannels,
      all: Object.keys(graph.channels).toSorted(),
    });
  });

  it("the nodes of every stage list, with the steps they take at the most", () => {
    const nodes = Object.keys(strategies).flatMap((stages) =>
      Object.entries(ASKS).map(([whom, ask]) => {
        const graph = createCope({ small: idle, large: idle, stages, ...(ask ? { ask } : {}) }).compile();
        const steps = recommendedRecursionLimit(resolveStages(stages), ask);
        return [`${stages}, asks ${whom}`, { nodes: Object.keys(graph.nodes), steps }];
      }),
    );
    golden("nodes", Object.fromEntries(nodes));
  });

  it("the stage lists themselves", () => {
    golden("stages", Object.fromEntries(Object.keys(strategies).map((name) => [name, resolveStages(name)])));
  });
});

describe("what a run shows to a person stays as it is", () => {
  const small = () =>
    scriptedModel([
      { purpose: "goal", reply: "Find the number." },
      { purpose: "execute", replies: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `The final answer is $\\boxed{${n}}$.`) },
    ]);
  const large = () => scriptedModel([{ purpose: "guideline", reply: "Count twice." }]);
  const config = { configurable: { thread_id: "t" } };

  const pending = async (ask: CopeOptions["ask"]) => {
    const graph = createCope({ small: small(), large: large(), family: "math", journal: memoryJournal(), ask });
    const compiled = graph.compile({ checkpointer: new MemorySaver() });
    const state = (await compiled.invoke({ question: "How many?" }, config)) as Record<symbol | string, unknown>;
    const [interrupt] = state[INTERRUPT as never] as { id?: string; value: unknown }[];
    return { fields: Object.keys(interrupt!), value: Pending.parse(interrupt!.value) };
  };

  it("a guideline, and leave to send", async () => {
    golden("pending", {
      guideline: await pending({ guideline: true }),
      "spending and leaving": await pending({ spendingAbove: 0, leaving: true }),
    });
  });
});
