import { describe, expect, it } from "vitest";
import { createAlfworld } from "../../../bench/alfworld/engine/index.js";
import { playLighthouse } from "./files.js";

const give = (play: ReturnType<typeof playLighthouse>["play"], ...commands: string[]) =>
  commands.map((command) => play.step(command).observation);

describe("a game", () => {
  it("opens with the look around and the task, and names the commands that fit, in order", () => {
    const { play } = playLighthouse();
    expect(play.observe()).toBe(
      "You stand on the cellar and see a oil 2 and a oil 1.\n\n" +
        "See that the lamp burns, and that no tool is left on the stairs.",
    );
    expect(play.goal).toBe("See that the lamp burns, and that no tool is left on the stairs.");
    expect(play.actions()).toEqual(["climb to stairs", "grab oil 1", "grab oil 2", "rest"]);
  });

  it("is won by its gold plan, whose every command fits when it is given", () => {
    const { play, game } = playLighthouse();
    for (const command of game.goldPlan) {
      expect(play.done).toBe(false);
      expect(play.actions()).toContain(command);
      const { done, reward } = play.step(command);
      expect({ done, reward }).toEqual({ done: play.done, reward: play.won ? 1 : 0 });
    }
    expect({ won: play.won, done: play.done, steps: play.steps }).toEqual({ won: true, done: true, steps: 9 });
  });

  it("answers a command that does not fit with a text, and counts it", () => {
    const { play } = playLighthouse();
    const actions = play.actions();
    for (const command of ["fly", "", "grab rag 1", "Grab oil 1", "climb to cellar"]) {
      expect(play.step(command)).toEqual({ observation: "Nothing happens.", done: false, reward: 0 });
    }
    expect(play.steps).toBe(5);
    expect(play.actions()).toEqual(actions);
    expect(play.step(" grab oil 1\n").observation).toBe("You have the oil 1.");
  });

  it("offers no way to where the keeper is: a move that changes nothing is none", () => {
    const { play, game } = playLighthouse();
    expect(game.problem).toContain("(stairs cellar cellar)");
    expect(play.actions()).not.toContain("climb to cellar");
  });

  it("tells of several texts the one that fits, also by what is no longer true", () => {
    const { play } = playLighthouse(
      {},
      {
        problem: playLighthouse()
          .game.problem.replace(
            "(lies rag_bar_a stairs)",
            "(lies rag_bar_a stairs) (burns lamp_bar_a) (on Ann lantern_room)",
          )
          .replace("(on Ann cellar)", ""),
      },
    );
    expect(play.observe()).toMatch(/^You stand on the lantern_room and see nothing\./);
    expect(give(play, "turn lamp 1")).toEqual(["The lamp 1 goes out."]);
    // Neither filled nor burning: it cannot be turned on again.
    expect(play.actions()).toEqual(["climb to stairs", "rest"]);
  });

  it("ends at its limit of commands, and then changes no more", () => {
    const { play } = playLighthouse({ maxSteps: 2 });
    expect(play.step("grab oil 1").done).toBe(false);
    expect(play.step("dance")).toEqual({ observation: "Nothing happens.", done: true, reward: 0 });
    expect(play.step("leave oil 1")).toEqual({ observation: "Nothing happens.", done: true, reward: 0 });
    expect({ actions: play.actions(), steps: play.steps, won: play.won }).toEqual({
      actions: [],
      steps: 2,
      won: false,
    });
  });

  it("goes on in another process from what was saved", () => {
    const { play, game, rules } = playLighthouse();
    give(play, ...game.goldPlan.slice(0, 5), "dance");
    const other = createAlfworld(game, rules);
    give(other, "rest");
    other.restore(JSON.parse(JSON.stringify(play.save())));
    for (const now of [play, other]) expect(now.observe()).toBe("Nothing happens.");
    expect(other.actions()).toEqual(play.actions());
    expect(other.steps).toBe(6);
    const rest = game.goldPlan.slice(5);
    expect(give(other, ...rest)).toEqual(give(play, ...rest));
    expect(other.won).toBe(true);
  });

  it("keeps what it saved apart from what comes after", () => {
    const { play } = playLighthouse();
    const saved = play.save();
    give(play, "grab oil 1", "climb to stairs");
    play.restore(saved);
    expect({ steps: play.steps, actions: play.actions().length }).toEqual({ steps: 0, actions: 4 });
  });

  it("refuses the state of another game, or none", () => {
    const { play } = playLighthouse();
    const error = expect.objectContaining({ code: "TASK_INVALID" });
    expect(() => play.restore({ game: "harbour/noon", commands: [] })).toThrow(error);
    expect(() => play.restore([1])).toThrow(error);
    expect(() => playLighthouse({ maxSteps: 0 })).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  });
});
