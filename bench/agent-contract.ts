/*
 * What copeMiddleware keeps of a plain agent: each scripted history is played by LangChain's own agent and by the same agent with the
 * middleware, whose drafts are sure. Prints a table: `npx tsx bench/agent-contract.ts`.
 */

import { ending, HISTORIES } from "../test/integrations/histories.js";

process.removeAllListeners("warning");
process.on("warning", () => {});

let different = 0;
console.log("| history | messages | tools that ran | with the middleware |\n|---|---|---|---|");
for (const [name, history] of Object.entries(HISTORIES)) {
  const [plain, ours] = [await ending(history, false), await ending(history, true)];
  const isSame = JSON.stringify(plain) === JSON.stringify(ours);
  if (!isSame) different += 1;
  const [messages, done] = "error" in plain ? [plain.error, "-"] : [plain.messages.length, plain.done.length];
  console.log(`| ${name} | ${messages} | ${done} | ${isSame ? "the same" : "**differs**"} |`);
}
console.log(`\n${Object.keys(HISTORIES).length} histories, ${different} differ.`);
process.exitCode = different > 0 ? 1 : 0;
