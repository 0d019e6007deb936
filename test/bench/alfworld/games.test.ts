import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAlfworld, loadAlfworld } from "../../../bench/alfworld/engine/index.js";
import { alfworld } from "./files.js";

const folder = alfworld();

/** The data's own account of each game. */
interface Row {
  initial_observation: string;
  n_initial_admissible: number;
}
const rows = (): Row[] =>
  gunzipSync(readFileSync(join(folder!, "valid_unseen_134.jsonl.gz")))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

/** Plans are in the words of rules 2.1.3. */
const inWordsOf = (rules: string, command: string): string =>
  rules === "2.1.1" ? command.replace(/^move (.*) to (.*)$/, "put $1 in/on $2") : command;

describe.skipIf(folder === undefined)("ALFWorld's 134 unseen games", () => {
  describe.each(["2.1.1", "2.1.3"] as const)("under rules %s", (version) => {
    it("open as the data says", () => {
      const { games, rules } = loadAlfworld(folder!, { rules: version });
      expect(games).toHaveLength(134);
      const plays = games.map((game) => createAlfworld(game, rules));
      expect(plays.map((play) => play.observe())).toEqual(rows().map((row) => row.initial_observation));
      // The data counts the commands of rules 2.1.3, which know one more: help.
      const more = version === "2.1.1" ? 1 : 0;
      expect(plays.map((play) => play.actions().length + more)).toEqual(rows().map((row) => row.n_initial_admissible));
    });

    it("are won by their gold plans, whose every command fits when it is given", () => {
      const { games, rules } = loadAlfworld(folder!, { rules: version });
      for (const game of games) {
        const play = createAlfworld(game, rules);
        const plan = game.goldPlan.map((command) => inWordsOf(version, command));
        const taken = plan.map((command) => {
          const fits = !play.done && play.actions().includes(command);
          return { command, fits, done: play.step(command).done };
        });
        const asPlanned = plan.map((command, index) => ({ command, fits: true, done: index === plan.length - 1 }));
        expect({ game: game.id, won: play.won, taken }).toEqual({ game: game.id, won: true, taken: asPlanned });
      }
    });
  });

  it("name no command that does nothing, and tell the same each time", () => {
    const { games, rules } = loadAlfworld(folder!);
    for (const game of games.filter((_, index) => index % 10 === 0)) {
      const [once, again] = [0, 1].map(() => {
        const play = createAlfworld(game, rules);
        const told: string[] = [];
        // Always another of the commands, so that each kind has its turn.
        for (let step = 0; !play.done; step += 7) {
          const actions = play.actions();
          told.push(play.step(actions[step % actions.length]!).observation);
        }
        return { told, saved: play.save() };
      });
      expect(once!.told).not.toContain("Nothing happens.");
      expect(once).toEqual(again);
    }
  });

  it("go where the released game went: two places in one cannot be walked between", () => {
    const { games, rules } = loadAlfworld(folder!);
    const game = games.find(({ id }) => id.endsWith("trial_T20190907_133919_856963"))!;
    const play = createAlfworld(game, rules);
    const told = ["go to drawer 1", "go to drawer 2", "go to drawer 3", "examine drawer 3"].map((command) =>
      play.step(command).observation.split(". ").at(-1)!,
    );
    expect(told[0]).toBe("The drawer 1 is closed.");
    expect(told[1]).toMatch(/^On the drawer 2, you see /);
    expect(told[2]).toBe("Nothing happens.");
    expect(told[3]).toMatch(/^On the drawer 3, you see /);
  });

  it("say what the released game says of a thing moved between two places in one", () => {
    const { games, rules } = loadAlfworld(folder!, { rules: "2.1.3" });
    const play = createAlfworld(
      games.find(({ id }) => id.endsWith("trial_T20190908_205204_244321"))!,
      rules,
    );
    const told = (...commands: string[]) => commands.map((command) => play.step(command).observation).at(-1);
    // Put back where it was, a thing is in its place; in the cabinet beside, it is also next to the one it came from.
    expect(told("go to safe 1", "open safe 1", "take watch 2 from safe 1", "move watch 2 to safe 1", "look")).toBe(
      "You are facing the safe 1. Next to it, you see nothing.",
    );
    expect(told("go to cabinet 1", "open cabinet 1", "take box 1 from cabinet 1", "open cabinet 2")).toMatch(
      /^You open/,
    );
    expect(told("move box 1 to cabinet 2", "look")).toMatch(
      /^You are facing .+, and .+ Next to it, you see a box 1\.$/,
    );
  });

  it("take less than 10 ms of computing a step, and less than 100 to open", () => {
    const { games, rules } = loadAlfworld(folder!);
    const spent = (work: () => void): number => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const plays: ReturnType<typeof createAlfworld>[] = [];
    const opening = spent(() => plays.push(...games.map((game) => createAlfworld(game, rules))));
    let steps = 0;
    const playing = spent(() => {
      for (const [index, play] of plays.entries()) {
        for (const gold of games[index]!.goldPlan) {
          play.actions();
          play.step(inWordsOf("2.1.1", gold));
          steps += 1;
        }
      }
    });
    expect(opening / games.length).toBeLessThan(100);
    expect(playing / steps).toBeLessThan(10);
  });
});
