import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionPrompts } from "../../../src/families/action/prompts.js";
import type { ActionTask } from "../../../src/families/action/task.js";
import type { Message } from "../../../src/state/message.js";
import { ACT, BOOK, FIND, say } from "./tasks.js";

const textOf = (messages: readonly Message[]) => messages.map(({ content }) => content).join("\n");
const STEP = ACT("find", { from: "Graz", to: "Linz", date: "4 May" }, "error: write 2026-05-04");

describe("what an executor sees", () => {
  it("is the agent's own instructions and conversation as they are, then plans", () => {
    const history: Message[] = [
      { role: "system", content: "You are Bo." },
      say("Hi"),
      { role: "assistant", content: "Yes?" },
    ];
    const task: ActionTask = { question: "Book a train.", history, system: "Speak French.", tools: [FIND, BOOK] };
    expect(actionPrompts.execute(task, {})).toEqual([
      { role: "system", content: "Speak French.\n\nYou are Bo." },
      ...history.slice(1),
      say("Book a train."),
    ]);
    const [last, ...before] = actionPrompts.execute(task, { goal: "GOAL", guideline: "GUIDE" }).toReversed();
    expect(before.toReversed()).toEqual(actionPrompts.execute(task, {}).slice(0, -1));
    expect(last!.content).toMatch(/^Book a train\.\n\n[^]*GOAL[^]*GUIDE$/);
  });

  it("between two steps: plans stand behind the tool's result, and nothing is written into it", () => {
    const task: ActionTask = { question: "Book a train.", history: [say("Book a train."), ...STEP], tools: [FIND] };
    const plain = actionPrompts.execute(task, {});
    expect(plain.slice(1)).toEqual(task.history);
    expect(actionPrompts.execute(task, { guideline: "GUIDE" }).slice(0, -1)).toEqual(plain);
  });

  it("advice of an earlier step is told as that, behind the conversation, until this step has its own", () => {
    const task: ActionTask = { question: "Book a train.", history: [say("Book a train."), ...STEP], tools: [FIND] };
    const advised = { ...task, advice: "Search first." };
    const plain = actionPrompts.execute(task, {});
    expect(actionPrompts.execute(advised, {}).slice(0, -1)).toEqual(plain);
    expect(actionPrompts.execute(advised, {}).at(-1)!.content).toMatch(/earlier step[^]*Search first\./);
    expect(textOf(actionPrompts.execute(advised, { guideline: "GUIDE" }))).not.toContain("Search first.");
    const asked = actionPrompts.plan(advised, { kind: "guideline", style: "method" });
    expect(asked.slice(0, -1)).toEqual(actionPrompts.plan(task, { kind: "guideline", style: "method" }).slice(0, -1));
    expect(asked.at(-1)!.content).toContain("Search first.");
  });

  it("asked for the answer alone: instructions and all results as text, and no tool to call", () => {
    const found = "x".repeat(20_000);
    const history = [say("Find a train."), ...ACT("find", { from: "Graz" }, found)];
    const task: ActionTask = {
      question: "Find a train.",
      system: "You are Bo.",
      history,
      tools: [FIND],
      mustAnswer: true,
    };
    expect(actionPrompts.tools!(task)).toEqual([]);
    const [system, user, ...more] = actionPrompts.execute(task, {});
    expect(more).toEqual([]);
    expect(system).toEqual({ role: "system", content: "You are Bo." });
    expect(user!.role).toBe("user");
    expect(user!.content).toMatch(
      /^user: Find a train\.\nagent: calls find\(\{"from":"Graz"\}\)\nfind returned: x{20000}\n\n/,
    );
  });

  it("loses no word of the agent's, however long the conversation is", () => {
    const said = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), { maxLength: 60 });
    fc.assert(
      fc.property(said, fc.string(), (turns, system) => {
        const history = turns.flatMap(([user, agent]): Message[] => [say(user), { role: "assistant", content: agent }]);
        const shown = actionPrompts.execute({ question: "Go on.", history, system, tools: [FIND] }, { guideline: "G" });
        expect(shown.slice(1, -1)).toEqual(history);
        expect(shown[0]!.content).toContain(system.trim() === "" ? "agent" : system);
      }),
    );
  });

  it("lists possible commands behind the conversation, and tools beside it", () => {
    const task: ActionTask = { question: "A kitchen.", actions: ["look", "go to fridge 1"], system: "Cook." };
    expect(actionPrompts.execute(task, {}).at(-1)!.content).toContain("- go to fridge 1");
    expect(actionPrompts.tools!(task)).toEqual([]);
    expect(actionPrompts.tools!({ question: "?", tools: [FIND] })).toEqual([FIND]);
  });
});

describe("what a planner sees", () => {
  it("is a text of instructions, tools, steps and what was proposed, that any model can read", () => {
    const task: ActionTask = {
      question: "Book a train.",
      history: [{ role: "system", content: "You are Bo." }, say("Book a train."), ...STEP],
      tools: [FIND, BOOK],
    };
    const votes = [{ answer: '{"calls":[{"name":"book"', votes: 3 }];
    const messages = actionPrompts.plan(task, { kind: "guideline", style: "critique", votes });
    expect(messages.every(({ role }) => role !== "tool")).toBe(true);
    const last = messages.at(-1)!.content;
    for (const part of ["You are Bo.", "find(from, to, date, direct?", "error: write 2026-05-04", '"Graz"', "(3)"])
      expect(last).toContain(part);
  });

  it("always has the latest request, and a length that has a bound, whatever the results are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40_000), { maxLength: 30 }), (lengths) => {
        const steps = lengths.flatMap((length, i) => ACT("book", { id: i }, "x".repeat(length), i + 1));
        const task: ActionTask = {
          question: "Book a train.",
          history: [say("Book a train."), ...steps],
          tools: [BOOK],
        };
        const shown = actionPrompts.plan(task, { kind: "goal", style: "method" }).at(-1)!.content;
        expect(shown).toContain("Book a train.");
        expect(shown.length).toBeLessThan(20_000);
      }),
    );
  });
});

it("a plan tells what to achieve or how to go about it, by a prompt and an example of its own", () => {
  const task: ActionTask = { question: "Book a train.", tools: [BOOK] };
  const kinds = [
    actionPrompts.plan(task, { kind: "goal", style: "method" }),
    actionPrompts.plan(task, { kind: "guideline", style: "method" }),
    actionPrompts.plan(task, { kind: "guideline", style: "worked" }),
  ].map(textOf);
  expect(new Set(kinds).size).toBe(3);
  expect(kinds[0]).toContain("WHAT");
  expect(kinds[1]).toContain("HOW");
});
