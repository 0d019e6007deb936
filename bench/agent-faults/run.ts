import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, tool } from "langchain";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { memoryJournal, type Journal } from "../../src/models/journal.js";
import type { Budget } from "../../src/state/options.js";
import { copeErrorOf, copeMiddleware, type AgentBill } from "../../src/integrations/index.js";
import { chance, pick } from "../../test/support/random.js";
import { misbooked, passed, RATES } from "./books.js";
import { isSlow, troubleOf, type Fault } from "./faults.js";
import { PRICES, QUESTION } from "./players.js";
import { startFaultServer } from "./server.js";

/** Nothing in a run takes as long as this, however busy the machine is: what does hangs. */
const HANG_MS = 1_200_000;

/** What runs have in common. */
export interface RunWith {
  /** The journal of those that are to survive the process. */
  durable: Journal;
  /** How long a client waits for servers that may be silent. */
  limitMs: number;
}

/** What became of one run. */
export interface RunEnd {
  fault: Fault;
  /** `answered`, the code of the error, or what should not be: `uncoded: …`, `hung`. */
  end: string;
  /** What was found wrong; nothing in a run that kept every promise. */
  wrong: Record<"ends" | "books" | "budget", string[]>;
  budget?: Budget;
  /** Requests that the server counted. */
  requests: number;
  /** Steps by the stage that decided them. */
  stages: Record<string, number>;
}

const price = tool(({ item }) => String(PRICES[item] ?? `there is no ${item}`), {
  name: "price",
  description: "The price of a piece of furniture, in euros.",
  schema: z.object({ item: z.string() }),
});
const total = tool(({ amounts }) => String(amounts.reduce((sum, amount) => sum + amount, 0)), {
  name: "total",
  description: "Adds amounts.",
  schema: z.object({ amounts: z.array(z.number()) }),
});

/** One agent, one question, one server with one kind of trouble: all of it a function of the seed. */
export async function runOnce(fault: Fault, seed: string, { durable, limitMs }: RunWith): Promise<RunEnd> {
  const server = await startFaultServer(troubleOf(fault, seed), seed, limitMs);
  const budget = budgetOf(seed);
  // In memory the ledger of a step that is done is in the agent's state, or in its error, and nowhere else.
  const inMemory = chance(`journal ${seed}`) < 0.5;
  const journal = inMemory ? memoryJournal() : durable;
  try {
    const agent = createAgent({
      model: chatModel("small", server.url),
      tools: [price, total],
      checkpointer: new MemorySaver(),
      middleware: [
        copeMiddleware({
          large: chatModel("large", server.url),
          journal,
          prices: RATES,
          attempts: 1 + pick(3, `attempts ${seed}`),
          callTimeoutMs: isSlow(fault) ? limitMs : HANG_MS / 10,
          seed: pick(1_000, `seed ${seed}`),
          ...(budget ? { budget } : {}),
        }),
      ],
    });
    const config = { configurable: { thread_id: seed }, durability: "sync" as const };
    const asked = agent.invoke({ messages: [{ role: "user", content: QUESTION }] }, config);
    const ended = await Promise.race([settled(asked), sleep(HANG_MS, "hung" as const, { ref: false })]);
    const { values } = await agent.graph.getState(config);
    const bill = (values as { cope?: { bill: AgentBill } }).cope?.bill;
    const end = ended === "hung" ? ended : "answer" in ended ? "answered" : endOf(ended.error);
    const error = ended !== "hung" && "error" in ended ? copeErrorOf(ended.error) : undefined;
    const tries = inMemory ? undefined : (await journal.list(seed)).filter(({ namespace }) => namespace !== "tools");
    const broken = end === "hung" || end.startsWith("uncoded") ? [end] : [];
    const books = misbooked({ bill, error, journal: tries }, server.counted);
    const wrong = { ends: broken, books, budget: passed(budget, server.counted) };
    return {
      fault,
      end,
      wrong,
      requests: server.counted.length,
      stages: bill?.byStage ?? {},
      ...(budget ? { budget } : {}),
    };
  } finally {
    await server.close();
  }
}

function chatModel(role: "small" | "large", baseURL: string): ChatOpenAI {
  return new ChatOpenAI({
    model: role,
    apiKey: "no-key",
    maxRetries: 0,
    configuration: { baseURL },
    useResponsesApi: false,
  });
}

/** No limit in one run of three; calls, dollars or tokens in the others, from less than one step needs to more than enough. */
function budgetOf(seed: string): Budget | undefined {
  const size = chance(`size ${seed}`) ** 2;
  const kinds = [undefined, undefined, { calls: 4 + Math.round(90 * size) }, { usd: 0.02 + 0.8 * size }];
  return [...kinds, { tokens: 15_000 + Math.round(400_000 * size) }, { calls: 120, usd: 0.6 * size + 0.02 }][
    pick(6, `budget ${seed}`)
  ];
}

const settled = (asked: Promise<unknown>) =>
  asked.then(
    () => ({ answer: true }) as const,
    (error: unknown) => ({ error }),
  );

const endOf = (error: unknown): string => copeErrorOf(error)?.code ?? `uncoded: ${String(error).split("\n")[0]}`;
