import { z } from "zod";
import { CopeError } from "../errors.js";
import { families } from "../families/index.js";
import type { AnyFamily } from "../families/types.js";
import { withLock } from "../models/file-lock.js";
import { openTape } from "../models/tape.js";
import { anyOf } from "../models/waiting.js";
import { parseOptions, saidOf } from "../options-error.js";
import type { Asker } from "./ask.js";
import { runBatches } from "./batches.js";
import { atLongest, hasTurns, inTurns } from "./conversation.js";
import type { EvaluateOptions, Evaluation } from "./evaluation.js";
import { ATTEMPTS, createAsker, openModels, roomsOf } from "./models.js";
import { createLarge } from "./methods/plain.js";
import { requirePrices } from "./price-unknown.js";
import type { Problem, ProblemTask } from "./problem.js";
import { recordingOf } from "./recording.js";
import { createSpending, type Spending } from "./spending.js";
import { openDraws } from "./store.js";
import { worstOfMethods } from "./worst.js";
import { pricedModel } from "../models/types.js";

/** What there is no evaluation without. */
const Needed = z.looseObject({
  data: z.string().min(1),
  tape: z.string().min(1),
  problems: z.array(z.looseObject({ id: z.string(), family: z.string() })),
  methods: z.array(z.looseObject({ name: z.string() })).min(1),
});

/**
 * Runs methods on problems, sharing draws: what two methods both ask for is asked once. Resumable: draws are on the tape
 * as soon as they are made, and the same call again goes on where it was.
 *
 * @throws CopeError `OPTIONS_INVALID` where an option is missing, there is no problem, or they are of several families; `FAMILY_UNKNOWN`; what
 *   opening models throws, before anything is drawn; `TASK_INVALID` for a problem that its family cannot solve; `PRICE_UNKNOWN` for a limit in dollars on a model without a price;
 *   `RECORDING_BUSY` where another process records the same; `ALL_CALLS_FAILED` where the first problems got no answer at
 *   all; `BUDGET_TOO_SMALL` where the limits allow for no problem; what no retry mends; the signal's reason. What was drawn
 *   is kept.
 */
export async function evaluate(given: EvaluateOptions): Promise<Evaluation> {
  parseOptions(Needed, given, "evaluate");
  const options = { ...given, problems: inTurns(given.problems) };
  // Second turns go on from the large model's answers, also where it is no method.
  const asked = hasTurns(options.problems) ? [...options.methods, createLarge()] : options.methods;
  const { data, tape: file, seed = 0, logprobs = false, signal } = options;
  const family = familyOf(options.problems, options.family);
  options.problems = options.problems.map((problem) => withTask(problem, family));
  const models = await openModels(
    asked.flatMap((method) => method.series),
    options,
  );
  const { prices, handles } = models;
  requirePrices(Object.values(handles).map(pricedModel), prices, options.limits);
  const wanted = recordingOf({ data, family: family.name, seed, logprobs, ...models });
  const { attempts = ATTEMPTS, limits = {} } = options;
  const tape = openTape(file);
  const store = openDraws(file);
  try {
    const spending = createSpending(tape, { limits, prices, attempts });
    return await alone(file, wanted.id, async (lost) => {
      const stops = anyOf([signal, lost]);
      const recording = store.begin(wanted, options.problems);
      const longest = options.problems.map((problem) => atLongest(problem, family));
      const whole = { ...options, methods: asked, problems: longest };
      const rooms = roomsOf(handles, { ...options, seen: recording.thinks });
      options.onBegin?.({ recording, worst: worstOfMethods(whole, { family, ...models, rooms }) });
      const saw = (role: string) => {
        if (rooms[role] !== undefined) return;
        Object.assign(rooms, roomsOf({ [role]: handles[role]! }, { ...options, seen: [role] }));
        store.saw(recording.id, role);
      };
      const parts = { tape: spending.tape, family, seed, logprobs, rooms, saw };
      const asker = counted(createAsker(models, parts, { ...options, signal: stops }), spending);
      const local = new Set(Object.keys(handles).filter((role) => handles[role]!.local));
      return runBatches(options, { asker, store, recording, local, spending, ...(stops ? { signal: stops } : {}) });
    });
  } finally {
    store.close();
    tape.close();
  }
}

/** A problem with what its family's task leaves to a default. @throws CopeError `TASK_INVALID`, naming the problem */
function withTask(problem: Problem, family: AnyFamily): Problem {
  const parsed = family.task.safeParse(problem.task);
  if (parsed.success) return { ...problem, task: { ...(parsed.data as ProblemTask), ...problem.task } };
  const reason = `problem "${problem.id}" does not fit the family "${family.name}": ${saidOf(parsed.error)}`;
  throw new CopeError("TASK_INVALID", reason, "correct the field it names, or leave the problem out.");
}

/** Does what no other process may do to the same recording. */
function alone<T>(file: string, recording: string, work: (lost?: AbortSignal) => Promise<T>): Promise<T> {
  if (file === ":memory:") return work();
  const refuse = (owner: string) => busy(file, owner);
  return withLock(`${file}.${recording}.lock`, work, { refuse, lost: () => busy(file, "another process") });
}

/** Tells what every call cost. */
function counted(asker: Asker, spending: Spending): Asker {
  return {
    ...asker,
    async call(request) {
      const outcome = await asker.call(request);
      spending.add(outcome.entries);
      return outcome;
    },
  };
}

function busy(file: string, owner: string): CopeError {
  const reason = `${owner} is recording the same on ${file}.`;
  return new CopeError("RECORDING_BUSY", reason, "wait for it or end it, or record on another tape.");
}

function familyOf(problems: readonly Problem[], given: string | AnyFamily | undefined): AnyFamily {
  if (typeof given === "object") return given;
  const names = [...new Set(problems.map(({ family }) => family))];
  if (names.length === 0) throw invalid("there is no problem to solve.", "give a data set that has some.");
  if (names.length > 1 && given === undefined) {
    throw invalid(`the problems are of several families: ${names.join(", ")}.`, "evaluate one family at a time.");
  }
  const name = given ?? names[0]!;
  const make = Object.hasOwn(families, name) ? families[name] : undefined;
  if (make) return make();
  throw new CopeError(
    "FAMILY_UNKNOWN",
    `There is no family named "${name}".`,
    `use ${Object.keys(families).join(", ")}, or pass a family of your own.`,
  );
}

function invalid(reason: string, remedy: string): CopeError {
  return new CopeError("OPTIONS_INVALID", reason, remedy);
}
