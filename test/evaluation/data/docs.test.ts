import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.js";

const root = join(import.meta.dirname, "../../..");

it("the docs on data sets show a program that runs", { timeout: 60_000 }, async () => {
  const page = readFileSync(join(root, "docs/evaluation-data.md"), "utf8");
  const folder = temporaryFolder();
  const source = (name: string) => JSON.stringify(pathToFileURL(join(root, "src/evaluation/data", name)).href);
  const door = `export * from ${source("load.ts")};\nexport * from ${source("subset.ts")};\n`;
  writeFileSync(join(folder, "door.mts"), door);
  const program = /^```ts\n(.*?)^```/ms.exec(page)![1]!.replace("langgraph-cope/evaluation", "./door.mts");
  writeFileSync(join(folder, "shown.mts"), program);
  writeFileSync(join(folder, "mine.csv"), "exercise;solution;grade\n1 + 1?;2;7\n2 + 2?;;8\n3 + 3?;6;9\n");
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const run = promisify(execFile)(process.execPath, [tsx, "shown.mts"], { cwd: folder });
  // The program asks for grades 7 and 8: the only row of grade 8 lacks its solution.
  await expect(run).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /line 3: solution: the gold answer is needed[^]*no problem has grade "8".*there are 7, 9/,
    ),
  });
  writeFileSync(join(folder, "mine.csv"), "exercise;solution;grade\n1 + 1?;2;7\n2 + 2?;4;8\n3 + 3?;6;9\n");
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, "shown.mts"], { cwd: folder });
  expect(stdout).toMatch(/^2 of 3 problems of [0-9a-f]{8}\n$/);
});
