import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { escape } from "../../../src/evaluation/report/html.js";
import { detailsOf } from "../../../src/evaluation/report/details.js";
import { writeReport } from "../../../src/evaluation/report/index.js";
import { loadDraw } from "../../../src/evaluation/report/vega.js";
import { summarise } from "../../../src/evaluation/summary/index.js";
import { temporaryFolder } from "../../support/folder.js";
import { draw, ended, evaluationOf } from "../outcomes.js";
import { fraction } from "../random-models.js";
import { HOSTILE } from "./lorem.js";

async function pageOf(evaluation: Parameters<typeof writeReport>[1], extras: Parameters<typeof writeReport>[3] = {}) {
  const file = join(temporaryFolder(), "report.html");
  await writeReport(file, evaluation, summarise(evaluation), extras);
  return readFileSync(file, "utf8");
}

/** What the page's script unpacks. */
function detailsIn(page: string): ReturnType<typeof detailsOf> {
  const [, packed] = /id="details">\s*([A-Za-z0-9+/=]+)\s*</.exec(page)!;
  return JSON.parse(gunzipSync(Buffer.from(packed!, "base64")).toString()) as ReturnType<typeof detailsOf>;
}

const small = evaluationOf({ large: [ended([draw()]), ended([draw({ value: "2", right: false })])] });

describe("a report", () => {
  it("fetches nothing", async () => {
    const page = await pageOf(small);
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\/|src=|@import|url\(/);
  });

  it("keeps whatever models, data and callers write text", async () => {
    const evaluation = evaluationOf(
      { [HOSTILE]: [ended([draw({ text: HOSTILE, value: HOSTILE, goal: HOSTILE })])] },
      { about: [{ [HOSTILE]: HOSTILE }], models: { large: { name: HOSTILE } } },
    );
    evaluation.recording.data = HOSTILE;
    const page = await pageOf(evaluation, { command: HOSTILE, questions: new Map([["p0", HOSTILE]]) });
    expect(page).not.toContain("<img");
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page.isWellFormed()).toBe(true);
    const { draws, problems } = detailsIn(page);
    expect(draws[0]!.text).toBe(HOSTILE);
    expect(problems[0]!.question).toBe(HOSTILE);
  });

  it("holds no question that it was not given", async () => {
    expect(detailsIn(await pageOf(small)).problems).toEqual([
      { id: "p0", about: {} },
      { id: "p1", about: {} },
    ]);
  });

  it("has all tables, and says how to get charts, where charts are not wanted", async () => {
    const page = await pageOf(small, { charts: false });
    expect(page).not.toContain("<svg");
    expect(page).toContain("npm install vega vega-lite");
    expect(page).toMatch(/<figcaption>\s*<h3>Cost against accuracy/);
  });

  it("names the line that installs what draws charts, where it is missing", async () => {
    const missing = loadDraw(() => Promise.reject(new Error("Cannot find package 'vega'")));
    await expect(missing).rejects.toThrow(/PACKAGE_MISSING.*npm install vega vega-lite/);
  });

  it("says which file cannot be written", async () => {
    const nowhere = join(temporaryFolder(), "absent", "report.html");
    const writing = writeReport(nowhere, small, summarise(small), { charts: false });
    await expect(writing).rejects.toThrow(/FILE_NOT_FOUND.*report\.html/);
  });

  it("holds a draw once however many methods read it, and stays small with many of them", async () => {
    const text = (seed: string) =>
      Array.from({ length: 250 }, (_, i) => WORDS[Math.floor(fraction(seed + i) * WORDS.length)]).join(" ");
    const outcomes = Array.from({ length: 20 }, (_, p) =>
      ended(Array.from({ length: 45 }, (__, index) => draw({ index, text: text(`${p}/${index}/`) }))),
    );
    const page = await pageOf(evaluationOf({ cope: outcomes, large: outcomes, small: outcomes }), { charts: false });
    expect(detailsIn(page).draws).toHaveLength(20 * 45);
    // A fifth of what 100 problems hold.
    expect(page.length).toBeLessThan(800_000);
  }, 60_000);
});

const WORDS = "the of number so is then we add divide by two three four apples each total left after day first".split(
  " ",
);

it("escapes text for markup and attributes", () => {
  expect(escape(`<a b="c">'&\uDC00\0`)).toBe("&lt;a b=&quot;c&quot;&gt;&#39;&amp;\uFFFD\uFFFD");
});
