import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMethodNames } from "../../src/cli/method-names.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { temporaryFolder } from "../support/folder.js";

describe("methods on a command line", () => {
  it("may be stage lists of one's own, under names of one's own", () => {
    const file = join(temporaryFolder(), "mine.json");
    const stages = [
      { name: "few", execute: { by: "small", samples: 3, temperature: 0.5 }, accept: { threshold: 0.6 } },
      { name: "large", execute: { by: "large", samples: 1, temperature: 0 } },
    ];
    writeFileSync(file, JSON.stringify(stages));
    const { names, lists } = readMethodNames(["large", `mine=${file}`]);
    expect(names).toEqual(["large", "mine"]);
    expect(resolveMethods(names, { lists }).map(({ name, about }) => `${name}: ${about}`)).toEqual([
      "large: one answer of the large model",
      "mine: few 3 ≥ 0.6, large 1",
    ]);
  });

  it("lend a stage list their samples, too", () => {
    const stages = [
      { name: "few", execute: { by: "small", samples: 3, temperature: 0.5 }, accept: { threshold: 0.6 } },
      { name: "large", execute: { by: "large", samples: 1, temperature: 0 } },
    ];
    const [mine] = resolveMethods(["mine"], { lists: { mine: stages }, samples: 5 });
    expect(mine!.about).toBe("few 5 ≥ 0.6, large 1");
  });

  it.each([
    [["large=mine.json"], "another method"],
    [["=mine.json"], "no name"],
  ])("never pass for another method: %j", (asked, said) => {
    expect(() => readMethodNames(asked)).toThrow(said);
  });

  it("never stand for two lists at once", () => {
    const file = join(temporaryFolder(), "mine.json");
    writeFileSync(file, "[]");
    expect(() => readMethodNames([`mine=${file}`, `mine=${file}`])).toThrow('two methods are named "mine"');
    expect(() => readMethodNames(["cope", `cope=${file}`])).toThrow('two methods are named "cope"');
  });

  it("are refused with the file's name where there is no such list", () => {
    expect(() => readMethodNames(["mine=nowhere.json"])).toThrow("[FILE_NOT_FOUND] there is no file nowhere.json");
  });

  it("are refused by name where they are none", () => {
    expect(() => resolveMethods(["cop"])).toThrow('there is no method named "cop"');
  });
});
