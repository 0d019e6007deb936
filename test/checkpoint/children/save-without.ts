// Saves a thread in a process that lacks what the first argument says: `native` add-ons, or the saver's `package`.
import { registerHooks } from "node:module";
import { openSaver } from "../../../src/checkpoint/sqlite-saver.js";
import { threadConfig, waitingGraph } from "../graph.js";

const [lacking, file = ""] = process.argv.slice(2);
const PACKAGE = "@langchain/langgraph-checkpoint-sqlite";

if (lacking === "native") {
  process.dlopen = (_: unknown, path: unknown) => {
    console.log(`loaded ${String(path)}`);
    throw new Error("no native add-ons here");
  };
} else {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== PACKAGE) return next(specifier, context);
      throw Object.assign(new Error(`Cannot find package '${PACKAGE}'`), { code: "ERR_MODULE_NOT_FOUND" });
    },
  });
}
try {
  const { saver, listThreads, close } = await openSaver(file);
  await waitingGraph(saver).invoke({}, threadConfig("t"));
  console.log(`saved ${listThreads()[0]?.thread}`);
  close();
} catch (error) {
  console.log((error as Error).message);
}
