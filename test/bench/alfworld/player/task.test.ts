import { describe, expect, it } from "vitest";
import { readWish } from "../../../../bench/alfworld/engine/player/task.js";
import { loadAlfworld } from "../../../../bench/alfworld/engine/index.js";
import { alfworld } from "../files.js";

const folder = alfworld();

describe("reading a task", () => {
  it.each([
    ["put a mug in desk.", { thing: "mug", count: 1, to: { place: "desk" } }],
    ["put some watch on safe.", { thing: "watch", count: 1, to: { place: "safe" } }],
    ["put two cd in safe.", { thing: "cd", count: 2, to: { place: "safe" } }],
    ["find two pillow and put them in sofa.", { thing: "pillow", count: 2, to: { place: "sofa" } }],
    [
      "clean some egg and put it in microwave.",
      { thing: "egg", count: 1, treatment: "clean", to: { place: "microwave" } },
    ],
    ["put a hot cup in cabinet.", { thing: "cup", count: 1, treatment: "heat", to: { place: "cabinet" } }],
    ["put a cool pan in countertop.", { thing: "pan", count: 1, treatment: "cool", to: { place: "countertop" } }],
    ["examine the book with the desklamp.", { thing: "book", count: 1, to: { lamp: "desklamp" } }],
    ["look at cd under the floorlamp.", { thing: "cd", count: 1, to: { lamp: "floorlamp" } }],
  ])("%s", (task, wish) => {
    expect(readWish(`You are in a room.\n\nYour task is to: ${task}`)).toEqual(wish);
  });

  it("refuses what is no task of ALFWorld's", () => {
    expect(() => readWish("Your task is to: tidy up.")).toThrow(expect.objectContaining({ code: "TASK_INVALID" }));
  });

  it.skipIf(folder === undefined)("knows every task of the unseen games", () => {
    const { games } = loadAlfworld(folder!);
    const read = games.map(({ task }) => readWish(task));
    const said = (by: (type: string) => unknown) => games.map(({ type }) => by(type));
    expect(read.map(({ count }) => count === 2)).toEqual(said((type) => type === "pick_two_obj_and_place"));
    expect(read.map(({ to }) => "lamp" in to)).toEqual(said((type) => type === "look_at_obj_in_light"));
    expect(read.map(({ treatment }) => treatment)).toEqual(said((type) => /^pick_(clean|heat|cool)_/.exec(type)?.[1]));
  });
});
