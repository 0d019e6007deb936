// One step of a thread that asks a person: begins it, looks at what it waits for, or answers. Files of its own, as a program of a user's.
import { Command, INTERRUPT, isInterrupted } from "@langchain/langgraph";
import { createCope, openSaver, sqliteJournal } from "../../../src/index.js";

const [folder = "", action = "", response = ""] = process.argv.slice(2);
const { saver: checkpointer } = await openSaver(`${folder}/checkpoints.sqlite`);
const graph = createCope({
  small: "openai:gpt-4o-mini",
  large: "openai:gpt-4o",
  family: "math",
  journal: sqliteJournal(`${folder}/journal.sqlite`),
  ask: { guideline: true, leaving: true },
}).compile({ checkpointer });
const config = { configurable: { thread_id: "mine" }, durability: "sync" as const, recursionLimit: 40 };

if (action === "begin") await graph.invoke({ question: "In how many ways can it be done?" }, config);
if (action === "answer") await graph.invoke(new Command({ resume: JSON.parse(response) as unknown }), config);
if (action === "go on") {
  const state: unknown = await graph.invoke(null, config);
  if (!isInterrupted(state)) throw new Error("it no longer waits");
  console.error(state[INTERRUPT].length);
}
const { tasks, values } = await graph.getState(config);
const { answer, stages, decisions } = values;
console.log(JSON.stringify({ pending: tasks[0]?.interrupts[0]?.value ?? null, answer, stages, decisions }));
process.exit(0);
