// Runs or resumes one thread with the library, as a program of a user's would: saver and journal in files of its own.
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { createCope, openSaver, recommendedRecursionLimit, resolveStages, sqliteJournal } from "../../../src/index.js";

const [saverName, checkpoints = "", journalFile = "", thread = "", seed = "0", question = ""] = process.argv.slice(2);
const own = saverName === "openSaver" ? await openSaver(checkpoints) : undefined;
const checkpointer = own?.saver ?? SqliteSaver.fromConnString(checkpoints);
const graph = createCope({
  small: "openai:gpt-4o-mini",
  large: "openai:gpt-4o",
  family: "math",
  seed: Number(seed),
  concurrency: 3,
  journal: sqliteJournal(journalFile),
}).compile({ checkpointer });

const config = {
  configurable: { thread_id: thread },
  durability: "sync" as const,
  recursionLimit: recommendedRecursionLimit(resolveStages("cope")),
};
const { createdAt, next, tasks, values } = await graph.getState(config);
const unfinished = createdAt !== undefined && next.length + tasks.length > 0;
// Killed after its end: there is nothing left to do.
if (createdAt === undefined || unfinished) await graph.invoke(unfinished ? null : { question }, config);
const { answer, stages, ledger, calls } = unfinished || !createdAt ? (await graph.getState(config)).values : values;
console.log(JSON.stringify({ answer, stages, ledger, trace: { calls } }));
process.exit(0);
