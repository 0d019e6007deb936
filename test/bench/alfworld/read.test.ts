import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createAlfworld,
  loadAlfworld,
  readGameFile,
  readGames,
  readRules,
} from "../../../bench/alfworld/engine/index.js";
import { lighthouse } from "./files.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cope-alfworld-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const text = (file: Parameters<typeof lighthouse>[0]) => readFileSync(lighthouse(file), "utf8");

describe("files of games", () => {
  it("are read plain or gzipped, from a folder with their rules", () => {
    put("alfred_2.1.3.pddl", text("rules.pddl"));
    put("alfred_2.1.3.twl2", text("texts.twl2"));
    put("games.jsonl.gz", gzipSync(text("games.jsonl")));
    const { games, rules } = loadAlfworld(folder, { rules: "2.1.3", games: "games.jsonl.gz" });
    expect(games).toEqual(readGames(lighthouse("games.jsonl")));
    expect(createAlfworld(games[0]!, rules).actions()).toHaveLength(4);
  });

  it("may hold one game with its own rules, as ALFWorld's releases do", () => {
    const [game] = readGames(lighthouse("games.jsonl"));
    mkdirSync(join(folder, "light-Lamp-1", "trial_1"), { recursive: true });
    const path = put(
      "light-Lamp-1/trial_1/game.tw-pddl",
      JSON.stringify({
        pddl_domain: text("rules.pddl"),
        grammar: text("texts.twl2"),
        pddl_problem: game!.problem,
        solvable: true,
        walkthrough: game!.goldPlan,
      }),
    );
    const { game: read, rules } = readGameFile(path);
    expect(read).toEqual({ ...game, id: "light-Lamp-1/trial_1", type: "light" });
    const play = createAlfworld(read, rules);
    for (const command of read.goldPlan) play.step(command);
    expect(play.won).toBe(true);
  });

  it("say what is wrong with them", () => {
    expect(() => readGames(join(folder, "none.jsonl"))).toThrow(expect.objectContaining({ code: "FILE_NOT_FOUND" }));
    expect(() => readGames(put("cut.jsonl", '{"id":'))).toThrow(/cut\.jsonl, line 1: it is no JSON\./);
    expect(() => readGames(put("less.jsonl", '\n{"id":"x"}'))).toThrow(
      /less\.jsonl, line 2: task_type: a text is needed/,
    );
    expect(() => readGames(put("cut.gz", gzipSync("x".repeat(99)).subarray(0, 15)))).toThrow("it cannot be unpacked");
    expect(() => loadAlfworld(folder, { rules: "2" as "2.1.1" })).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
  });

  it("are refused where an action has no texts, or the texts are broken", () => {
    const rules = (texts: string) => () => readRules(lighthouse("rules.pddl"), put("broken.twl2", texts));
    expect(rules(text("texts.twl2").replace("action rest", "action sleep"))).toThrow("no entry for the action rest");
    expect(rules(text("texts.twl2").replace("feedback ::", "says ::"))).toThrow(
      "the action climb has no template or no feedback",
    );
    expect(rules(text("texts.twl2").replace('"task": [', '"task": '))).toThrow("a grammar in it cannot be read");
    expect(rules("")).toThrow("there is no action in it");
  });
});
