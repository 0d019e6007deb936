import { describe, expect, it } from "vitest";
import { createAlfworld, loadAlfworld, subGoalsOf } from "../../../bench/alfworld/engine/index.js";
import { alfworld } from "./files.js";

const folder = alfworld();
const reached = (task: string, ...observations: string[]) =>
  subGoalsOf(`Your task is to: ${task}`, observations).map((goal) => `${goal.reached ? "+" : "-"} ${goal.name}`);

describe("how far a run got", () => {
  it("counts a thing as put down clean only after it was cleaned", () => {
    const task = "put a clean mug in desk.";
    const put = "You put the mug 2 in/on the desk 1.";
    const clean = "You clean the mug 2 using the sinkbasin 1.";
    expect(reached(task, "You pick up the mug 2 from the shelf 1.", put, clean)).toEqual([
      "+ take mug",
      "+ clean mug",
      "- put mug in/on desk",
    ]);
    expect(reached(task, clean, put)).toEqual(["- take mug", "+ clean mug", "+ put mug in/on desk"]);
    expect(reached(task, clean, "You move the mug 2 to the desk 1.").at(-1)).toBe("+ put mug in/on desk");
    expect(reached(task, clean, "You put the mug 2 in/on the shelf 1.").at(-1)).toBe("- put mug in/on desk");
    expect(reached(task, "You heat the mug 2 using the microwave 1.")[1]).toBe("- clean mug");
  });

  it("asks two things of a task of two", () => {
    const one = ["You pick up the cd 1 from the desk 1.", "You put the cd 1 in/on the safe 1."];
    const parts = ["take cd", "put cd in/on safe"];
    expect(reached("put two cd in safe.", ...one, ...one)).toEqual([
      ...parts.map((part) => `+ ${part}`),
      ...parts.map((part) => `- ${part}`),
    ]);
  });

  it("counts a lamp only when the thing was taken before", () => {
    const [lamp, bowl] = ["You turn on the desklamp 1.", "You pick up the bowl 1 from the desk 1."];
    expect(reached("look at bowl under the desklamp.", lamp, bowl)).toEqual(["+ take bowl", "- use desklamp"]);
    expect(reached("look at bowl under the desklamp.", bowl, lamp)).toEqual(["+ take bowl", "+ use desklamp"]);
  });

  it.skipIf(folder === undefined)("is all the way for the gold plans of the unseen games", () => {
    const { games, rules } = loadAlfworld(folder!, { rules: "2.1.3" });
    const missed = games.flatMap((game) => {
      const play = createAlfworld(game, rules);
      const observations = game.goldPlan.map((command) => play.step(command).observation);
      const last = subGoalsOf(game.task, observations.slice(0, -1)).filter((goal) => !goal.reached);
      expect(last.length).toBeGreaterThan(0);
      return subGoalsOf(game.task, observations).filter((goal) => !goal.reached);
    });
    expect(missed).toEqual([]);
  });
});
