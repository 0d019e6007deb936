import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordNumbers } from "../evaluation/recordings.js";
import { cliSuite } from "../support/cli-suite.js";

const cli = cliSuite();

test("replay: a table of the strategy and of what else is recorded, under other thresholds, and by part", async () => {
  const home = cli.home();
  const tape = join(home, "tape.sqlite");
  await recordNumbers({ samples: 4, allDraws: true, methods: ["large"], tape });
  const run = (...args: string[]) => cli.run(["replay", "--tape", tape, "--samples", "4", ...args], { home });
  const [table, json, priced] = await Promise.all([
    run("--thresholds", "0.5,0.25", "--by", "level"),
    run("--thresholds", "1,1", "--json"),
    run("--price", "large=1,10", "--json"),
  ]);
  expect(table).toMatchObject({ code: 0, stderr: "" });
  expect(table.stdout).toMatch(/cope.*\n.*large/);
  expect(table.stdout).toMatch(/level/);
  const { methods } = JSON.parse(json.stdout);
  expect(methods.map(({ name }: any) => name)).toEqual(["cope", "large"]);
  expect(methods[0].about).toContain("solo 4 ≥ 1");
  const usd = (text: string) => JSON.parse(text).methods[1].costs.usd.mean;
  expect(usd(json.stdout)).toBeNull();
  expect(usd(priced.stdout)).toBeGreaterThan(0);

  const report = join(home, "report.html");
  const paged = await run("--report", report);
  expect(paged).toMatchObject({ code: 0, stderr: expect.stringContaining(report) });
  expect(readFileSync(report, "utf8")).toContain("early stop");

  const out = join(home, "grid");
  const grid = await run("--grid", "--steps", "0.25", "--out", out);
  expect(grid).toMatchObject({ code: 0, stderr: expect.stringContaining("grid.csv") });
  expect(grid.stdout).toContain("Nothing beats these");
  const lines = readFileSync(join(out, "grid.csv"), "utf8").trim().split("\n");
  expect(lines).toHaveLength(1 + 16);
  expect(lines[0]).toMatch(/^threshold1,threshold2,samples,/);
  expect(JSON.parse(readFileSync(join(out, "grid.json"), "utf8")).rows).toHaveLength(16);
});

test("replay and compare-scorers: what is not recorded is refused by name, with the command that records it", async () => {
  const home = cli.home();
  const tape = join(home, "tape.sqlite");
  await recordNumbers({ samples: 4, problems: 6, thresholds: [1, 1], tape });
  const missing = await cli.run(["replay", "--tape", tape, "--samples", "6"], { home });
  expect(missing).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^\[NOT_RECORDED\].*p0: sample 4 of solo-.*cope eval/),
  });
  const none = await cli.run(["compare-scorers", "--tape", tape], { home });
  expect(none).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("[NOT_RECORDED]") });
  const compared = await cli.run(["compare-scorers", "--tape", tape, "--samples", "4", "--json"], { home });
  expect(JSON.parse(compared.stdout)).toMatchObject({ problems: expect.any(Number), stage: "solo" });
});

test.each([
  [["--thresholds", "0.5"], "2 stages have one"],
  [["--thresholds", "0.5,x"], '--thresholds: a number is needed, "0.5,x" is given'],
  [["--price", "large=1"], "--price large=2.5,10"],
  [["--price", "third=1,2"], 'no role or model "third"'],
  [["--steps", "0.1"], "--steps needs --grid"],
  [["--samples", "4,6"], "several need --grid"],
  [["--grid", "--waves", "some"], "--waves"],
  [["--study", "plans", "--methods", "large"], "--study has methods"],
  [["--grid", "--report", "page.html"], "--report does not go with --grid"],
  [["--stages", "none.json"], "[FILE_NOT_FOUND]"],
  [["--methods", "cope,none"], 'no method named "none"'],
])("replay refuses %j", async (args, said) => {
  const home = cli.home();
  const tape = join(home, "tape.sqlite");
  await recordNumbers({ samples: 2, problems: 2, tape });
  const end = await cli.run(["replay", "--tape", tape, ...args], { home });
  expect(end).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(said) });
});
