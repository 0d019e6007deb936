import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sealed } from "../../src/evaluation/draws-file.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { readExport, writeExport } from "../../src/evaluation/draws-file.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { outcomesOf } from "../../src/evaluation/outcomes.js";
import { readRecording, readStored } from "../../src/evaluation/recorded.js";
import { scoringOf } from "../../src/evaluation/scoring.js";
import { temporaryFolder } from "../support/folder.js";
import { checkedMath, fallibleModel, numberProblems } from "./random-models.js";

describe("a sealed recording", () => {
  it("holds no text of a model, no test and no plan, and decides as the open one does", async () => {
    const file = join(temporaryFolder(), "tape.sqlite");
    const family = checkedMath();
    const methods = resolveMethods(["cope", "cope+critique", "majority", "large"], {
      samples: 4,
      scoring: scoringOf(family, { logprobs: false }),
    });
    const models = {
      small: fallibleModel("small", 0.05, { fails: false }),
      large: fallibleModel("large", 0.8, { fails: false }),
    };
    await evaluate({ data: "numbers", problems: numberProblems(8), methods, models, family, tape: file });

    const open = readStored(file, undefined);
    expect(JSON.stringify(open.draws)).toMatch(/within 0.*reasoning|reasoning.*within 0/s);
    const to = join(temporaryFolder(), "sealed.draws.jsonl.gz");
    await writeExport(to, sealed(open));
    const shut = await readExport(to);
    expect(JSON.stringify(shut.draws)).not.toMatch(/within|reasoning|Count with care|Find the number/i);

    const decided = async (from: string) => {
      const { outcomes, left } = outcomesOf(methods, await readRecording(from, { family }));
      expect(left).toEqual([]);
      return [...outcomes].map(([name, of]) => [
        name,
        of.map(({ value, right, ended, waves }) => [value, right, ended, waves.map((wave) => wave.length)]),
      ]);
    };
    expect(await decided(to)).toEqual(await decided(file));
    expect(sealed(shut)).toEqual(sealed(open));
  });
});
