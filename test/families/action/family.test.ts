import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAction } from "../../../src/families/action/index.js";
import type { ActionTask } from "../../../src/families/action/task.js";
import type { Action, ActionCall } from "../../../src/families/action/value.js";
import { familyContract, type FamilyExamples } from "../../../src/testing/index.js";
import type { Json } from "../../../src/state/json.js";
import { ACT, BOOK, FIND, say } from "./tasks.js";

const task: ActionTask = { question: "Book two seats from Graz to Linz on 4 May.", tools: [FIND, BOOK] };

const EXAMPLES: FamilyExamples<ActionTask, Json> = {
  tasks: [
    task,
    { question: "You are in a kitchen.", actions: ["go to fridge 1", "look"], system: "Put an apple on the table." },
    {
      question: "What is a tree?",
      history: [say("What is a tree?"), ...ACT("find", { from: "a", to: "b", date: "2026-05-04" }, "none")],
      tools: [FIND],
      answers: "text",
    },
    { question: "Hello" },
  ],
  readable: [
    { text: "All is booked.", value: { answer: "All is booked." } },
    {
      text: '<tool_call>{"name": "book", "arguments": {"id": 7}}</tool_call>',
      value: { calls: [{ name: "book", args: { id: 7 }, meant: { id: 7, seats: 1 } }], inText: true },
    },
  ],
  unreadable: ['<tool_call>{"name": "book", "arguments": {"id"', '{"name": "book", "arguments": {}}'],
  same: [
    [{ answer: "Done." }, { answer: "I have booked it." }],
    [
      { calls: [{ name: "book", args: { id: 7, seats: 2 } }] },
      { calls: [{ name: "book", args: { seats: 2, id: 7 } }] },
    ],
    [
      { answer: "1/2", as: "math" },
      { answer: "0.5", as: "math" },
    ],
    [
      { answer: "The  Answer.", as: "text" },
      { answer: "the answer", as: "text" },
    ],
  ] as [Json, Json][],
  different: [
    [{ answer: "Done." }, { calls: [{ name: "book", args: { id: 7, seats: 1 } }] }],
    [{ calls: [{ name: "book", args: { id: 7 } }] }, { calls: [{ name: "book", args: { id: 8 } }] }],
    [{ command: "look" }, { command: "go to fridge 1" }],
    [
      { answer: "1", as: "math" },
      { answer: "2", as: "math" },
    ],
    [{ answer: "1", as: "math" }, { answer: "1" }],
  ] as [Json, Json][],
};

familyContract("the family action", createAction, EXAMPLES, { runner: { describe, it } });

/** Arguments of `find`, valid by its schema. */
const args = fc.record(
  {
    from: fc.string(),
    to: fc.string(),
    date: fc.string(),
    direct: fc.boolean(),
    limit: fc.integer({ min: 1, max: 50 }),
    via: fc.array(fc.string(), { maxLength: 3 }),
    fares: fc.record({ adults: fc.nat(9), children: fc.nat(9) }, { requiredKeys: [] }),
  },
  { requiredKeys: ["from", "to", "date"] },
);
const calls = fc.array(
  args.map((given) => ({ name: "find", args: JSON.parse(JSON.stringify(given)) })),
  { minLength: 1, maxLength: 4 },
);

/** A copy with the keys of every object in another order. */
function shuffled(value: unknown, key: (name: string) => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, key));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, shuffled(inner, key)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => key(a) - key(b)));
}

const numbered = (list: { name: string; args: unknown }[]) =>
  list.map((call, i) => ({ id: `call${i}`, ...call }) as never);

describe("agreement of actions", () => {
  const family = createAction();
  const read = async (list: { name: string; args: unknown }[]) =>
    (await family.read("", task, undefined, { toolCalls: numbered(list) }))?.value;

  it("does not depend on the order of arguments, of calls, on repeated calls, or on defaults that are spelled out", async () => {
    await fc.assert(
      fc.asyncProperty(calls, fc.infiniteStream(fc.nat(1_000)), fc.boolean(), async (list, numbers, twice) => {
        const order = new Map<string, number>();
        const key = (name: string) => order.get(name) ?? (order.set(name, numbers.next().value), order.get(name)!);
        const spelled = list.map(({ name, args: given }) => ({
          name,
          args: { direct: false, limit: 10, ...given, fares: { children: 0, ...given.fares } },
        }));
        const other = shuffled([...spelled, ...(twice ? spelled.slice(0, 1) : [])], key) as typeof list;
        const moved = other.map((call, i) => [key(`call${i}`), call] as const).toSorted(([a], [b]) => a - b);
        const [one, two] = [await read(list), await read(moved.map(([, call]) => call))];
        expect(one).toBeDefined();
        expect(await family.same(one!, two!)).toBe(true);
        expect(await family.same(family.print(one!), family.print(two!))).toBe(true);
      }),
    );
  });

  it("tells other arguments and further calls apart", async () => {
    await fc.assert(
      fc.asyncProperty(args, args, async (a, b) => {
        const [one, two] = [await read([{ name: "find", args: a }]), await read([{ name: "find", args: b }])];
        const form = (value: Json) =>
          (value as unknown as { calls: ActionCall[] }).calls.map(({ args: as, meant }) => meant ?? as);
        const equal = JSON.stringify(form(one!)) === JSON.stringify(form(two!));
        expect(await family.same(one!, two!)).toBe(equal);
        expect(
          await family.same(
            one!,
            (await read([
              { name: "find", args: a },
              { name: "book", args: { id: 1 } },
            ]))!,
          ),
        ).toBe(false);
      }),
    );
  });

  it("takes numbers by value, and texts for numbers only where numbers are wanted", async () => {
    const seats = async (given: unknown) =>
      (await read([{ name: "book", args: { id: 7, seats: given } }])) as { calls: ActionCall[] } | undefined;
    expect((await seats(JSON.parse("2.0")))?.calls[0]!.args).toEqual({ id: 7, seats: 2 });
    expect((await seats("2"))?.calls[0]!.args).toEqual({ id: 7, seats: 2 });
    expect(await seats("two")).toBeUndefined();
    expect(await seats(2.5)).toBeUndefined();
  });

  it("never lets an invalid call win, alone or beside valid ones, and says what is wrong with it", async () => {
    const invalid = fc.oneof(
      fc
        .string()
        .filter((name) => !["find", "book"].includes(name))
        .map((name) => ({ name, args: {} })),
      args.map(({ to, date }) => ({ name: "find", args: { to, date } })),
      args.map((given) => ({ name: "find", args: { ...given, limit: 51 } })),
      args.map((given) => ({ name: "find", args: { ...given, colour: "red" } })),
      args.map((given) => ({ name: "find", args: { ...given, direct: "perhaps" } })),
      fc.constant({ name: "book", args: { id: 2 ** 60 } }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(args.map((given) => ({ name: "find", args: given }))),
        invalid,
        async (valid, wrong) => {
          const reading = await family.read("", task, undefined, { toolCalls: numbered([...valid, wrong] as never) });
          expect(reading).toMatchObject({ why: expect.stringMatching(/\S/) });
          expect(reading).not.toHaveProperty("value");
        },
      ),
    );
    const why = async (name: string, given: unknown) =>
      (await family.read("", task, undefined, { toolCalls: numbered([{ name, args: given }]) })) as { why: string };
    expect((await why("fly", {})).why).toBe('there is no tool "fly"');
    expect((await why("book", {})).why).toBe("book: id is missing");
    expect((await why("book", { id: "x" })).why).toBe("book: id must be integer");
    expect((await why("book", { id: 1, to: "me" })).why).toBe("book: there is no to");
  });
});

describe("what is read", () => {
  const family = createAction();

  it("arguments that are no JSON are a reason, and no answer", async () => {
    const reading = await family.read("I will book it.", task, undefined, {
      brokenCalls: [{ name: "book", args: "{id: " }],
    });
    expect(reading).toEqual({ why: "the arguments of book are no JSON object" });
  });

  it.each<[string, Action | undefined]>([
    ['The record is {"name": "Ada", "age": 36}.', { answer: 'The record is {"name": "Ada", "age": 36}.' }],
    ['<tool_call>{"name": "fly", "arguments": {}}</tool_call>', undefined],
    ["[TOOL_CALLS] book", undefined],
  ])("a text of a model with tools: %s", async (text, value) => {
    expect((await family.read(text, task))?.value).toEqual(value);
  });

  it("final answers are compared as the task says", async () => {
    const answer = async (text: string, answers: ActionTask["answers"], more: Partial<ActionTask> = {}) =>
      (await family.read(text, { ...task, ...more, answers }))?.value;
    expect(await answer("So the sum is \\boxed{42}.", "math")).toEqual({ answer: "42", as: "math" });
    expect(await answer("I do not know.", "math")).toBeUndefined();
    expect(await answer("Answer: red", "choice", { choices: ["red", "blue"] })).toEqual({
      answer: "red",
      as: "choice",
    });
    expect(await answer(" Done. ", "text")).toEqual({ answer: "Done.", as: "text" });
    const asked = { question: "What do 3 lamps cost?" };
    const figures = { answer: "24, 1200.5", as: "numbers" };
    expect(await answer("3 lamps at 24 each: 1,200.50 in all.", "numbers", asked)).toEqual(figures);
    expect(await answer("1200.5, which is 24 for each.", "numbers", asked)).toEqual(figures);
    expect(await answer("All 3 are sold.", "numbers", asked)).toEqual({ answer: "", as: "numbers" });
    expect(await answer(" Done. ", "any")).toEqual({ answer: "Done." });
    await family.close?.();
  });

  it("a gold action grades calls; two answers are graded only where they are compared", async () => {
    const gold = { calls: [{ name: "book", args: { seats: 1, id: 7 } }] } as unknown as Json;
    expect(await family.grade!(gold, '{"calls":[{"name":"book","args":{"id":7,"seats":1}}]}', task)).toBe(true);
    expect(await family.grade!(gold, '{"answer":"Done."}', task)).toBe(false);
    expect(await family.grade!({ answer: "Done." }, '{"answer":"No."}', task)).toBeNull();
    expect(await family.grade!({ answer: "a", as: "text" }, '{"answer":"b","as":"text"}', task)).toBe(false);
  });
});

describe("a task", () => {
  const family = createAction();
  it.each<[string, Partial<ActionTask>, RegExp]>([
    ["a tool whose schema cannot be used", { tools: [{ name: "x", schema: { type: "objekt" } }] }, /schema of x/],
    ["two tools of one name", { tools: [BOOK, BOOK] }, /two tools book/],
    ["an empty command", { actions: [" "] }, /command is empty/],
  ])("with %s is refused before any call", (_, more, said) => {
    expect(JSON.stringify(family.task.safeParse({ ...task, ...more }).error?.issues)).toMatch(said);
  });
});
