import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCommand, normalCommand } from "../../../src/families/action/command.js";
import { createAction } from "../../../src/families/action/index.js";
import type { Message } from "../../../src/state/message.js";
import { ACT, BOOK, FIND, say } from "./tasks.js";

const ACTIONS = ["go to fridge 1", "take apple 1 from countertop 2", "open fridge 1", "look", "examine the A key"];
const family = createAction();

describe("a text command", () => {
  it.each<[string, string | undefined]>([
    ["I need the fridge.\nAction: go to fridge 1", "go to fridge 1"],
    ["action: Go to the Fridge 1.", "go to fridge 1"],
    ["**Action:** `take an apple 1  from the countertop 2`", "take apple 1 from countertop 2"],
    ["> open fridge 1", "open fridge 1"],
    ["I look around first.\nlook", "look"],
    ["Action: look\nObservation: You see a fridge.\nAction: open fridge 1", "look"],
    ["Action: look\nAction: Look!", "look"],
    ["Action: examine A key", "examine the A key"],
  ])("%s", (text, command) => {
    expect(findCommand(text, ACTIONS)).toEqual({ command });
  });

  it.each<[string, string]>([
    ["Action: fly to fridge 1", '"fly to fridge 1" is not possible now'],
    ["Action: look\nAction: open fridge 1", "it names several commands"],
    ["Action: look. Or open fridge 1", '"look. or open fridge 1" is not possible now'],
  ])("is not read, with the reason, from %s", (text, why) => {
    expect(findCommand(text, ACTIONS)).toEqual({ why });
  });

  it("that is possible is found whatever its case, articles, quotes and spacing, and given back as the world spells it", () => {
    const spelled = fc
      .constantFrom(...ACTIONS)
      .chain((action) =>
        fc.tuple(
          fc.constant(action),
          fc.tuple(
            ...action.split(" ").map((word) => fc.constantFrom(word, word.toUpperCase(), `  ${word}`, `"${word}"`)),
          ),
          fc.constantFrom("", ".", " !"),
        ),
      );
    fc.assert(
      fc.property(spelled, ([action, words, end]) => {
        expect(findCommand(`Action: ${words.join(" ")}${end}`, ACTIONS)).toEqual({ command: action });
      }),
    );
  });

  it("that is not possible never wins, whatever it is", async () => {
    const known = new Set(ACTIONS.map(normalCommand));
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (command) => {
        fc.pre(!known.has(normalCommand(command.split("\n").at(-1)!)));
        const reading = await family.read(`Action: ${command}`, { question: "A kitchen.", actions: ACTIONS });
        expect(reading?.value).toBeUndefined();
      }),
    );
  });

  it("needs no list, where the world gives none", async () => {
    const reading = await family.read("Action: Open the Door", { question: "A door." });
    expect(reading).toEqual({ value: { command: "open door" }, by: "command" });
  });

  it("talk is no action in a world of commands; an announced answer is one where the task can be ended by it", async () => {
    const task = { question: "A kitchen.", actions: ACTIONS };
    expect(await family.read("I would like to cook.", task)).toEqual({ why: "it names no command" });
    expect(await family.read("Answer: 3 apples", task)).toEqual({ why: "it names no command" });
    const ends = { ...task, answers: "text" as const };
    expect((await family.read("Answer: 3 apples", ends))?.value).toEqual({ answer: "3 apples", as: "text" });
  });
});

describe("an action that led nowhere", () => {
  const did = (command: string): Message => ({ role: "assistant", content: `Action: ${command}` });
  const next = async (command: string, history: Message[], question: string) =>
    (await family.read(`Action: ${command}`, { question, history, actions: ACTIONS })) as {
      value?: unknown;
      why?: string;
    };
  const open = (history: Message[], question = "Nothing happens.") => next("open the fridge 1", history, question);
  const KITCHEN = say("You are in a kitchen.");

  it("is not read where it was tried in this very state and nothing happened", async () => {
    expect(await open([KITCHEN, did("open fridge 1")])).toEqual({
      why: 'repeat: "open fridge 1" was tried in this state, and nothing changed',
      doubtful: { command: "open fridge 1" },
    });
    // Other vain attempts between them leave the state as it was.
    expect(
      (await open([KITCHEN, did("open fridge 1"), say("Nothing happens."), did("look up")])).value,
    ).toBeUndefined();
    expect((await next("look", [KITCHEN, did("look")], "You are in a kitchen.")).why).toMatch(/^repeat/);
  });

  it("is read again once something has changed, and anything else is read all the time", async () => {
    const moved = [KITCHEN, did("open fridge 1"), say("Nothing happens."), did("go to fridge 1")];
    expect((await open(moved, "The fridge 1 is closed.")).value).toEqual({ command: "open fridge 1" });
    expect((await next("go to fridge 1", [KITCHEN, did("open fridge 1")], "Nothing happens.")).value).toBeDefined();
  });

  it("is not read where it would begin the same round a third time", async () => {
    const round = [did("go to fridge 1"), say("A fridge."), did("look"), say("A room.")];
    const twice = [KITCHEN, ...round, ...round].slice(0, -1);
    expect((await next("go to fridge 1", twice, "A room.")).why).toMatch(/nothing was new since$/);
    expect((await next("look", twice, "A room.")).value).toBeUndefined();
    expect((await next("open fridge 1", twice, "A room.")).value).toBeDefined();
    expect((await next("go to fridge 1", [KITCHEN, ...round].slice(0, -1), "A room.")).value).toBeDefined();
    expect((await next("go to fridge 1", twice, "A burning room.")).value).toBeDefined();
  });

  it("is not read in circles of any shape, until something is new", async () => {
    const to = (...shelves: number[]) => shelves.flatMap((n) => [did(`go to shelf ${n}`), say(`Shelf ${n}.`)]);
    const shelf = (n: number, steps: Message[], actions = [1, 2, 3, 4].map((nth) => `go to shelf ${nth}`)) =>
      family.read(`Action: go to shelf ${n}`, {
        question: steps.at(-1)!.content,
        history: [KITCHEN, ...steps.slice(0, -1)],
        actions,
      });
    const circles = to(1, 2, 1, 2, 3, 1, 2);
    for (const n of [1, 2]) expect((await shelf(n, circles))?.value).toBeUndefined();
    for (const n of [3, 4]) expect((await shelf(n, circles))?.value).toBeDefined();
    for (const n of [1, 2]) expect((await shelf(n, [...circles, ...to(4)]))?.value).toBeDefined();
  });

  const tools = [FIND, BOOK];
  const book = async (history: Message[], more: object = {}) =>
    (await family.read("", { question: "Book it.", history, tools, ...more }, undefined, {
      toolCalls: [{ id: "x", name: "book", args: { seats: 1, id: 7 } }],
    })) as { value?: unknown; why?: string };

  it("of tools: a call is not made twice in a row, defaults spelled out or not, unless its result was seen to change", async () => {
    const once = [say("Book it."), ...ACT("book", { seats: 1, id: 7 }, "busy")];
    const twice = [...once, ...ACT("book", { id: 7 }, "still busy", 2)];
    expect((await book(once.slice(0, 1))).value).toBeDefined();
    expect(await book(once)).toEqual({
      why: "repeat: book was just called with these arguments",
      doubtful: { calls: [{ name: "book", args: { id: 7, seats: 1 } }] },
    });
    expect((await book(once, { mayRepeat: true })).value).toBeDefined();
    expect((await book(twice)).value).toBeDefined();
    expect((await book([...once, ...ACT("book", { id: 8 }, "busy", 3)])).value).toBeDefined();
    // Who asks again may have it again.
    expect((await book([...once, say("Book it.")])).value).toBeDefined();
  });

  it("of tools: the same calls in another order get on, though every result is the same", async () => {
    const pressed = [7, 8, 9, 7, 8, 9, 8].flatMap((id, nth) => ACT("book", { id }, "ok", nth + 1));
    expect((await book([say("Book it."), ...pressed])).value).toBeDefined();
  });

  it("of tools: a round of several that brought the same twice is not begun a third time", async () => {
    const round = (nth: number) => [...ACT("book", { id: 7 }, "busy", nth), ...ACT("book", { id: 8 }, "busy", nth + 1)];
    const begun = [say("Book it."), ...round(1)];
    expect((await book(begun)).value).toBeDefined();
    expect((await book([...begun, ...round(3)])).why).toBe(
      "repeat: book brought the same twice, and nothing was new since",
    );
  });
});

describe("a model that only repeats its last call", () => {
  const after = (result: string) => ({
    question: "Book it.",
    history: [say("Book it."), ...ACT("book", { id: 7 }, result)],
    tools: [BOOK],
  });

  it("is asked for its answer instead, after an error only where no other model comes after it", () => {
    const done = after("booked");
    expect(family.insist!(done, false)).toEqual({ ...done, mustAnswer: true });
    for (const error of ["error: full", "Error invoking tool 'book'", '{"error": "full"}', "[ERROR] full"]) {
      expect(family.insist!(after(error), false)).toBeUndefined();
      expect(family.insist!(after(error), true)).toMatchObject({ mustAnswer: true });
    }
    expect(family.insist!(after("no errors were found"), false)).toBeDefined();
    expect(family.insist!({ ...done, mustAnswer: true }, true)).toBeUndefined();
  });

  it("has its second answer read as one, and a call in it never", async () => {
    const task = { ...after("booked"), mustAnswer: true };
    expect(await family.read("It is booked.", task)).toMatchObject({ value: { answer: "It is booked." } });
    const call = { toolCalls: [{ id: "x", name: "book", args: { id: 7 } }] };
    expect((await family.read("", task, undefined, call))?.by).toBeUndefined();
  });
});
