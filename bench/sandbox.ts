// What the sandbox costs a program, beside Python without one, and what running side by side saves.
// Run by `npm run bench:sandbox [programs in a row]`; with a number it also runs that many in quick succession and counts spurious failures.
import { execFile } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { promisify } from "node:util";
import { findSandbox, runProgram, runTests, type TestRun } from "../src/sandbox/index.js";

const ROUNDS = 40;
const language = "python" as const;
const bare = promisify(execFile);

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

async function timed(once: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await once();
  return performance.now() - began;
}

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`,
);
console.log((await findSandbox()).detail);

// In turns, so that what else the machine does meets both alike.
const [alone, boxed]: [number[], number[]] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  alone.push(await timed(() => bare("/usr/bin/python3", ["-c", "print(1)"])));
  boxed.push(await timed(() => runProgram({ language, code: "print(1)" })));
}
const [out, inside] = [median(alone), median(boxed)];
console.log(
  `a program: ${inside.toFixed(0)} ms, python3 -c ${out.toFixed(0)} ms: ${(inside / out).toFixed(2)} times (median of ${ROUNDS})`,
);

const candidate: TestRun = {
  language,
  program: "def double(n):\n    return 2 * n\n",
  entryPoint: "double",
  tests: ["assert double(1) == 2", "assert double(-2) == -4", "assert double('a') == 'aa'"],
};
const [together, apart]: [number[], number[]] = [[], []];
for (let round = 0; round < 10; round += 1) {
  together.push(await timed(() => Promise.all(Array.from({ length: 8 }, () => runTests(candidate)))));
  apart.push(
    await timed(async () => {
      for (let i = 0; i < 8; i += 1) await runTests(candidate);
    }),
  );
}
const [beside, after] = [median(together), median(apart)];
console.log(
  `eight candidates, three tests each: ${beside.toFixed(0)} ms side by side, ${after.toFixed(0)} ms one by one: ${(after / beside).toFixed(2)} times`,
);

const many = Number(process.argv[2] ?? 0);
if (many > 0) {
  let failures = 0;
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: many }, async (_, i) => {
        const end = await runProgram({ language, code: `print(${i})` }).catch(() => undefined);
        if (end?.stdout !== `${i}\n`) failures += 1;
      }),
    ),
  );
  console.log(`${many} programs in quick succession: ${failures} spurious failures, ${(ms / many).toFixed(1)} ms each`);
}
