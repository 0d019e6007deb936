// Asks a model that answers only after the server's Retry-After; nothing else keeps this process alive meanwhile.
import { createCaller } from "../../../src/models/call.js";
import { memoryJournal } from "../../../src/models/journal.js";
import type { ChatHandle } from "../../../src/models/types.js";
import { callContext, callRequest } from "../calls.js";
import { reply } from "../requests.js";

let asked = 0;
const model: ChatHandle = {
  identity: { provider: "openai", model: "scripted" },
  ask: async () => {
    asked += 1;
    if (asked > 1) return reply("forty-two");
    throw Object.assign(new Error("busy"), { status: 429, headers: { "retry-after": "0.2" } });
  },
};
const call = createCaller({ journal: memoryJournal(), retryWaitMs: 1 });
void call(callRequest(), callContext(model)).then((outcome) => console.log(outcome.reply?.text));
