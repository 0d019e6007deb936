// One agent's thread, begun or taken up where it was: three steps, two guidelines that are approved, two tool calls. What it asks
// and runs is noted in a file, which outlives it. Arguments: a folder; the address of a database, or all is kept in the folder.
import type { BaseMessage } from "@langchain/core/messages";
import { Command } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { createAgent, tool } from "langchain";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { z } from "zod";
import { openSaver, postgresJournal, sqliteJournal } from "../../../src/index.js";
import { copeMiddleware, type AgentCope } from "../../../src/integrations/index.js";
import { acting, advising, asking, calls, UNSURE } from "../../integrations/agents.js";

const [folder = "", database] = process.argv.slice(2);

async function note(what: string) {
  appendFileSync(`${folder}/log.txt`, `${what}\n`);
  await sleep(2 + 20 * Math.random());
}

const small = acting([UNSURE, UNSURE, "9"], [calls(2, 3), UNSURE, "9"]);
const large = advising("Add.", [calls(2, 3), calls(5, 4)]);
for (const model of [small, large]) {
  const generate = model._generate.bind(model);
  model._generate = async (messages, options, run) => {
    await note("model");
    return generate(messages, options, run);
  };
}
const add = tool(
  async ({ a, b }) => {
    await note("tool");
    return String(a + b);
  },
  { name: "add", description: "Adds.", schema: z.object({ a: z.number(), b: z.number() }) },
);

async function inPostgres(connectionString: string) {
  const pool = new Pool({ connectionString });
  const saver = new PostgresSaver(pool);
  await saver.setup();
  return { saver, journal: postgresJournal(pool) };
}

async function inFiles() {
  const { saver } = await openSaver(`${folder}/checkpoints.sqlite`);
  return { saver, journal: sqliteJournal(`${folder}/journal.sqlite`) };
}

const { saver, journal } = database === undefined ? await inFiles() : await inPostgres(database);
const agent = createAgent({
  model: small,
  tools: [add],
  middleware: [
    copeMiddleware({
      large,
      journal,
      ask: { guideline: true },
      concurrency: 3,
    }),
  ],
  checkpointer: saver,
});
const config = { configurable: { thread_id: "t" }, durability: "sync" as const };

for (;;) {
  const { createdAt, next, tasks } = await agent.graph.getState(config);
  if (createdAt === undefined) await agent.invoke(asking("2 + 3 + 4?"), config);
  else if (tasks.some(({ interrupts }) => interrupts.length > 0))
    await agent.invoke(new Command({ resume: "approve" }), config);
  else if (next.length + tasks.length > 0) await agent.invoke(null as never, config);
  else break;
}
const { values } = await agent.graph.getState(config);
const { messages, cope } = values as { messages: BaseMessage[]; cope: AgentCope };
const marked = messages.filter(({ response_metadata }) => (response_metadata as any).cope?.mayHaveRunBefore).length;
console.log(JSON.stringify({ texts: messages.map(({ text }) => text), marked, bill: cope.bill }));
process.exit(0);
