// Prints every table of docs/results.md anew, from the recorded draws in bench/recorded, without a model or the data sets:
//   npm run results [-- NAME …]     held-out, grid, scorers, early-stop, tuning, calibration, code, only-guided, code-tuning, program, accept, tools, tools-tuning, alfworld, plans
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COPE, TABLES } from "./results-tables.mjs";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(TABLES, name));
if (unknown.length > 0) {
  console.error(`There is no table ${unknown.join(", ")}; there are ${Object.keys(TABLES).join(", ")}.`);
  process.exit(2);
}
if (!existsSync(at(COPE))) spawnSync("npm", ["run", "--silent", "build"], { cwd: at(""), stdio: "inherit" });
for (const [name, [title, command]] of Object.entries(TABLES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n## ${title} (npm run results -- ${name})\n`);
  const run = spawnSync(process.execPath, command.split(" "), { cwd: at(""), stdio: "inherit" });
  if (run.status !== 0) process.exitCode = run.status ?? 1;
}
