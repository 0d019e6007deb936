import { equal as is, ok } from "node:assert/strict";
import type { BaseTask, Family, GuidelineStyle } from "../families/types.js";
import { resolveScorer } from "../scorers/index.js";
import type { Json } from "../state/json.js";
import { equal, runContract, type ContractOptions } from "./suite.js";

/** What a family is tried with. */
export interface FamilyExamples<Task extends BaseTask = BaseTask, Value extends Json = Json> {
  /** At least one. */
  tasks: readonly Task[];
  /** Answers of models to the first task, and what is to be read from them; at least one. */
  readable: readonly { text: string; value: Value }[];
  /** Answers to the first task from which nothing is to be read. */
  unreadable?: readonly string[];
  /** Values that are the same answer. */
  same?: readonly (readonly [Value, Value])[];
  /** Values that are not. */
  different?: readonly (readonly [Value, Value])[];
}

const STYLES: readonly GuidelineStyle[] = ["method", "critique", "worked"];
const VOTES = [
  { answer: "41", votes: 5 },
  { answer: "42", votes: 3 },
];

const FAILURES = [{ test: "assert f(1) == 2", why: "it returned 3", samples: 4 }];

/** Texts that models do write: nothing, much of one thing, broken markup, odd characters. */
const HOSTILE = [
  "",
  " \n\t",
  "(".repeat(5_000),
  "{".repeat(5_000),
  `\\boxed{${"\\frac{".repeat(1_000)}`,
  "a".repeat(100_000),
  `${"1".repeat(50_000)}.`,
  "\u0000\ud800 \u202e😀",
  "__proto__ constructor NaN Infinity undefined null",
  "```\n".repeat(2_000),
];

/**
 * What every family must keep.
 *
 * @param make - the family; it is closed at the end of each case
 */
export function familyContract<Task extends BaseTask, Value extends Json>(
  name: string,
  make: () => Family<Task, Value>,
  examples: FamilyExamples<Task, Value>,
  options: ContractOptions = {},
): void {
  const { tasks, readable, unreadable = [], same = [], different = [] } = examples;
  const task = tasks[0]!;
  const values = readable.map(({ value }) => value);

  const cases: Record<string, (family: Family<Task, Value>) => void | Promise<void>> = {
    "takes its tasks, as plain JSON": (family) => {
      for (const one of tasks) equal(family.task.parse(JSON.parse(JSON.stringify(one))), one);
    },
    "refuses a task without a question": (family) => {
      const { question: _, ...rest } = task;
      ok(!family.task.safeParse(rest).success, "no question at all is accepted");
      ok(!family.task.safeParse({ ...rest, question: "" }).success, "an empty question is accepted");
    },
    "names a scorer that there is": ({ scorer }) => {
      const names = typeof scorer === "string" ? [scorer] : scorer.map((choice) => choice.name);
      ok(names.length > 0, "it names none");
      for (const one of names) resolveScorer(one);
    },
    "writes prompts for every kind and style of plan": ({ prompts }) => {
      for (const one of tasks) {
        holdsText(prompts.plan(one, { kind: "goal", style: "method" }));
        for (const style of STYLES) holdsText(prompts.plan(one, { kind: "guideline", style }));
        holdsText(prompts.plan(one, { kind: "guideline", style: "critique", votes: VOTES }));
        holdsText(prompts.plan(one, { kind: "guideline", style: "critique", failures: FAILURES }));
      }
    },
    "shows the question to whoever plans or executes": ({ prompts }) => {
      for (const one of tasks) {
        for (const kind of ["goal", "guideline"] as const) shows(prompts.plan(one, { kind, style: "method" }), one);
        shows(prompts.execute(one, {}), one);
        shows(prompts.execute(one, { goal: "GOAL", guideline: "GUIDELINE" }), one);
      }
    },
    "shows an executor the plans it is given, after the question": ({ prompts }) => {
      for (const plan of ["goal", "guideline"] as const) {
        const text = textOf(prompts.execute(task, { [plan]: "PLAN-TO-FOLLOW" }));
        ok(text.includes("PLAN-TO-FOLLOW"), `the ${plan} is not shown`);
        const before = text.slice(0, text.lastIndexOf("PLAN-TO-FOLLOW"));
        ok(
          before.includes(task.question.trim()),
          `the ${plan} stands before the question: samples share no cached prefix`,
        );
      }
    },
    "writes the same prompts for the same task": ({ prompts }) => {
      const asked = { kind: "guideline", style: "method" } as const;
      equal(prompts.plan(task, asked), prompts.plan(task, asked));
      equal(prompts.execute(task, { goal: "g" }), prompts.execute(task, { goal: "g" }));
    },
    "has output limits of at least one token": ({ prompts: { limits } }) => {
      for (const limit of [limits.goal, limits.guideline, limits.execute]) ok(limit.maxTokens >= 1);
    },
    "makes no plan of an empty text, and leaves a tidy plan as it is": ({ prompts }) => {
      for (const kind of ["goal", "guideline"] as const) {
        is(prompts.tidyPlan(" \n", kind), "");
        const tidy = prompts.tidyPlan("Find the total number of apples.", kind);
        is(prompts.tidyPlan(tidy, kind), tidy);
      }
    },
    "reads the values of its examples": async (family) => {
      for (const { text, value } of readable) {
        const reading = await family.read(text, task);
        equal(reading?.value, value, `from ${JSON.stringify(text.slice(0, 80))}`);
        ok(reading!.by !== "", "it does not say by what it read");
      }
    },
    "reads nothing where nothing is to be read": async (family) => {
      for (const text of ["", " \n", ...unreadable])
        is((await family.read(text, task))?.value, undefined, JSON.stringify(text));
    },
    "reads any text without throwing, into plain JSON": async (family) => {
      for (const text of HOSTILE) {
        const reading = await family.read(text, task);
        // `checks` and all: it is kept with the sample.
        if (reading !== undefined) equal(JSON.parse(JSON.stringify(reading)), reading);
      }
    },
    "prints every value as a text that is not empty": (family) => {
      for (const value of values) {
        const printed: unknown = family.print(value);
        ok(typeof printed === "string" && printed !== "", `it prints ${JSON.stringify(printed)}`);
      }
    },
    "takes every value for the same as itself": async ({ same: equals }) => {
      for (const value of values) is(await equals(value, structuredClone(value)), true, JSON.stringify(value));
    },
    "tells same from different, in both directions": async ({ same: equals }) => {
      for (const [expected, pairs] of [
        [true, same],
        [false, different],
      ] as const) {
        for (const [a, b] of pairs) {
          is(await equals(a, b), expected, `${JSON.stringify(a)} and ${JSON.stringify(b)}`);
          is(await equals(b, a), expected, `${JSON.stringify(b)} and ${JSON.stringify(a)}`);
        }
      }
    },
    "may be closed twice": async (family) => {
      await family.close?.();
      await family.close?.();
    },
  };
  const bodies = Object.entries(cases).map(([title, run]) => {
    const body = async () => {
      const family = make();
      try {
        await run(family);
      } finally {
        await family.close?.();
      }
    };
    return [title, body] as const;
  });
  runContract(`${name} keeps the family contract:`, Object.fromEntries(bodies), options);
}

type Messages = ReturnType<Family["prompts"]["execute"]>;

const textOf = (messages: Messages): string => messages.map(({ content }) => content).join("\n");

function holdsText(messages: Messages): void {
  ok(messages.length > 0, "there is no message");
  for (const { role, content } of messages) {
    ok(["system", "user", "assistant"].includes(role), `there is no role ${role}`);
    ok(content.trim() !== "", "a message is empty");
  }
}

function shows(messages: Messages, { question }: BaseTask): void {
  ok(textOf(messages).includes(question.trim()), "the question is not shown");
}
