import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { executeNotebook, notebookFile, notebooks, type Cell, type Notebook } from "../../scripts/notebook.mjs";
import { nbconvert } from "../../scripts/test-parts.mjs";
import { needs } from "../support/needs.js";

const ROOT = resolve(import.meta.dirname, "../..");

const read = (name: string) => JSON.parse(readFileSync(notebookFile(name), "utf8")) as Notebook;

const joined = (text: string | string[]): string => (typeof text === "string" ? text : text.join(""));

/** What a reader reads in a cell's outputs: texts, and the words of drawings. */
function textsOf({ outputs = [] }: Cell): string[] {
  return outputs.flatMap(({ output_type: type, data = {}, text }) => [
    ...(type === "error" ? ["an error"] : []),
    ...(text === undefined ? [] : [joined(text)]),
    ...Object.entries(data).map(([mime, of]) =>
      mime === "image/svg+xml"
        ? `drawn: ${[...joined(of).matchAll(/<text[^>]*>([^<]*)/g)].map(([, word]) => word!.trim()).join(" ")}`
        : joined(of),
    ),
  ]);
}

/** Texts of all cells, by the cell's id. */
const saidBy = ({ cells }: Notebook) => Object.fromEntries(cells.map((cell) => [cell.id, textsOf(cell)]));

/** What must be read in some cells, whatever the recording says. */
const MUST: Record<string, Record<string, RegExp>> = {
  "01-first-cascade": {
    graph: /solo_plan.*escalate/s,
    easy: /\*\*17\*\*, by stage \*\*solo\*\*/,
    "easy-stages": /\| solo \| \d of 8 \|/,
    advice: /\*\*12\*\*, by stage \*\*guided\*\*/,
    bill: /\| large \| 1 \|/,
    three: /\| solo \|.*\| guided \|.*\| takeover \|/s,
    "three-chart": /large model alone/,
  },
  "02-reading-a-run": {
    path: /solo_execute × 8/,
    goals: /\| sample \| goal \|/,
    samples: /boxed/,
    "votes-chart": /votes/,
    whys: /not settled.*the threshold of 0\.5 is reached/s,
    stop: /can no longer be reached/,
    calls: /\| guided \| guideline \| large \| 1 \|/,
  },
  "03-calibrate-on-your-data": {
    record: /\d+ problems, \d+ of them whole/,
    methods: /\| cope:direct \| \d+ of \d+ \|/,
    grid: /\d+ settings, \d+ of them on the line/,
    calibrate: /Chosen: \*\*.+\*\*/,
    expect: /chosen, expected \| \d+ %/,
    notes: /settings of \d+ stage lists were compared/,
    scorers: /vote .*AUROC|AUROC.*\| vote /s,
  },
};

describe("notebooks as committed", () => {
  it.each(notebooks)("%s holds outputs and nothing of the machine that made them", (name) => {
    const text = readFileSync(notebookFile(name), "utf8");
    expect(text).not.toMatch(/\/(home|root|Users|tmp|work)\/|file:\/\/|iopub/);
    const { cells, metadata } = read(name);
    expect(Object.keys(metadata).toSorted()).toEqual(["kernelspec", "language_info"]);
    expect(cells.filter(({ outputs }) => outputs?.length).length).toBeGreaterThan(7);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    // Its first words say how to run it on real models.
    expect(cells[0]!.source.join("")).toMatch(/\*\*live\*\*[^.]*change one line/s);
  });
});

const there = existsSync(nbconvert) && existsSync(join(ROOT, "node_modules", ".bin", "deno"));

describe.skipIf(!needs("nbconvert with the Deno kernel (node scripts/test-servers.mjs)", there))("notebooks", () => {
  it.concurrent.each(notebooks)(
    "%s runs from first to last, and says what is committed (else: npm run notebooks)",
    async (name) => {
      const said = saidBy(await executeNotebook(name));
      for (const [cell, words] of Object.entries(MUST[name]!)) expect(said[cell]?.join("\n"), cell).toMatch(words);
      expect(said).toEqual(saidBy(read(name)));
    },
    120_000,
  );
});
