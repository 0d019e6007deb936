// Records requests `from` to `to` on a tape with its own name as the text; prints each number and the text on record.
// Each ask takes a moment, so that two such processes are at it at the same time.
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openTape } from "../../../src/models/tape.js";
import { reply, request } from "../requests.js";

const [file = "", name = "", from = "0", to = "0"] = process.argv.slice(2);
const tape = openTape(file);
for (let nth = Number(from); nth < Number(to); nth += 1) {
  const kept = await tape.once(request(nth), async () => (await sleep(1), reply(name)));
  writeSync(1, `${nth} ${kept.reply.text}\n`);
}
tape.close();
