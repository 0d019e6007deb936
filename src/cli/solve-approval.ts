import { createInterface } from "node:readline";
import { Command } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import { saidOf } from "../options-error.js";
import { type Ask, GuidelineResponse, type Pending, type Preview, SendingResponse } from "../state/approval.js";
import type { Finished } from "./bill.js";
import type { Cascade, CascadeInput } from "./cascade.js";
import { numberOf, wrong } from "./flags.js";
import { dollars, EXIT, note, printJson, styled, typed as asTyped, visible } from "./output.js";
import type { Steps } from "./steps.js";

/** `--ask guideline,spending=0.01,leaving`. @throws CopeError `OPTIONS_INVALID` */
export function parseAsk(typed: string | undefined): Ask | undefined {
  if (typed === undefined) return undefined;
  const rules = typed.split(",").map((part): Ask => {
    const [name, value] = part.trim().split("=", 2);
    const usd = value === undefined ? undefined : numberOf(value);
    if (name === "guideline" && value === undefined) return { guideline: true };
    if (name === "leaving" && value === undefined) return { leaving: true };
    if (name === "spending" && usd !== undefined && usd >= 0) return { spendingAbove: usd };
    throw wrong(
      `--ask: "${part.trim()}" is given.`,
      "use guideline, leaving or spending=DOLLARS, with commas between.",
    );
  });
  return Object.assign({}, ...rules) as Ask;
}

/** `--answer approve`, `reject`, `reject=REASON` or `edit=TEXT`. @throws CopeError `OPTIONS_INVALID` */
export function parseAnswer(answer: string): GuidelineResponse {
  const cut = answer.indexOf("=");
  const [word, text] = cut < 0 ? [answer] : [answer.slice(0, cut), answer.slice(cut + 1).trim()];
  if (word === "approve" && text === undefined) return { decision: "approve" };
  if (word === "reject") return text ? { decision: "reject", reason: text } : { decision: "reject" };
  if (word === "edit" && text) return { decision: "edit", guideline: text };
  throw wrong(`--answer: "${answer}" is given.`, "use approve, reject, reject=REASON or edit=GUIDELINE.");
}

/**
 * The input that resumes a thread by the answer of `--answer`.
 *
 * @throws CopeError `OPTIONS_INVALID` where the thread waits for nobody, or not for such an answer
 */
export function answeredBy(response: GuidelineResponse, pending: Pending | undefined, thread: string): Command {
  if (!pending) throw wrong(`the thread "${thread}" waits for no answer.`, "leave --answer out.");
  const { success, error } = (pending.asks === "guideline" ? GuidelineResponse : SendingResponse).safeParse(response);
  if (success) return new Command({ resume: response });
  const remedy = pending.asks === "sending" ? "use approve, reject or reject=REASON." : "see `cope solve --help`.";
  throw wrong(`--answer does not fit what the thread "${thread}" asks: ${saidOf(error)}`, remedy);
}

/** How a turn ended: with an answer, or with a question to a person who is not here. */
type Ended = { finished: Finished } | { pending: Pending };

/** Runs a turn, asking whoever is at the terminal as often as it waits for a person. */
export async function runAsking(
  cascade: Cascade,
  input: CascadeInput | Command | null,
  { thread, signal, steps, json }: { thread: string; signal: AbortSignal; steps: Steps; json: boolean },
): Promise<Ended> {
  for (let next = input; ;) {
    const finished = await cascade.run(next, { thread, signal, onUpdate: steps.show });
    const pending = await cascade.waiting(thread);
    if (!pending) return { finished };
    if (!someoneIsThere(json)) return { pending };
    steps.end();
    const answer = await askTerminal(pending, signal);
    if (!answer) return { pending };
    next = new Command({ resume: bound(answer, pending) });
  }
}

/** The answer counts for what was shown, and for nothing else. */
const bound = (answer: GuidelineResponse, { id }: Pending) =>
  typeof answer === "string" || id === undefined ? answer : { ...answer, id };

/** Prints what the thread waits for, and how to answer. Nothing has failed: the exit code is 0, and there is no `answer`. */
export function printPending(
  pending: Pending,
  { thread, json, resume }: { thread: string; json: boolean; resume: string },
): number {
  if (json) printJson({ pending, thread, resume: asTyped(`${resume} --answer approve`) });
  else {
    const edit = pending.asks === "guideline" ? ", edit=GUIDELINE" : "";
    const how = asTyped(`To answer: ${resume} --answer approve (or reject, reject=REASON${edit})`);
    process.stdout.write(`${[...pendingLines(pending), how].join("\n")}\n`);
  }
  return EXIT.done;
}

/** Whether there is somebody at a terminal to be asked. */
const someoneIsThere = (json: boolean): boolean => !json && process.stdin.isTTY && process.stderr.isTTY;

/** Asks the person at the terminal, until the answer is one. Undefined where the terminal is closed: the thread goes on waiting. */
async function askTerminal(pending: Pending, signal: AbortSignal): Promise<GuidelineResponse | undefined> {
  for (const line of pendingLines(pending)) note(line);
  const words =
    pending.asks === "guideline" ? "approve, edit=TEXT, reject or reject=REASON" : "approve, reject or reject=REASON";
  for (;;) {
    const line = await readLine(`${styled("bold", words)}: `, signal);
    if (line === undefined) return undefined;
    try {
      const answer = parseAnswer(line.trim());
      if (pending.asks === "guideline" || typeof answer === "string" || answer.decision !== "edit") return answer;
      note("There is no guideline to edit here.");
    } catch (error) {
      if (!CopeError.isInstance(error)) throw error;
      note(error.remedy);
    }
  }
}

/** One line; undefined at the end of input. */
function readLine(prompt: string, signal: AbortSignal): Promise<string | undefined> {
  // Not in raw mode, or Ctrl-C would be a key and no signal.
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(prompt);
  return new Promise<string | undefined>((resolve, reject) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(undefined));
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  }).finally(() => lines.close());
}

/** What a run that waits for a person shows, for people: the decision, what would be sent whole, and what it may cost. */
function pendingLines(pending: Pending): string[] {
  const { stage, requests, worst, best, problem } = pending;
  const question =
    pending.asks === "guideline"
      ? [`Stage "${stage}" waits: is this guideline by ${pending.by} to be used?`, indented(pending.guideline)]
      : [`Stage "${stage}" waits: may it ${pending.reasons.map((reason) => REASONS[reason]).join(" and ")}?`];
  const price = worst.usd === null ? "an unknown price" : dollars(worst.usd);
  return [
    ...(problem ? [visible(problem)] : []),
    ...question,
    ...requests.flatMap(requestLines),
    `At most: ${price}, ${worst.calls} calls, ${worst.tokens} tokens, retries included`,
    best
      ? visible(`Best so far: ${best.value} (${best.stage}, confidence ${Number(best.confidence.toFixed(2))})`)
      : "Best so far: nothing; a rejection ends the run without an answer",
  ];
}

const REASONS = { spending: "spend that much", leaving: "send this to another machine" } as const;

function requestLines({ times, purpose, role, model, local, exact, messages, tools = [], onlyIf }: Preview): string[] {
  const where = local ? "on this machine" : "elsewhere";
  const told = `${times === 1 ? "one" : times} × ${purpose} by ${role} (${model}, ${where})${exact ? "" : ", not yet whole"}${onlyIf === undefined ? "" : `, only where ${onlyIf}`}:`;
  const said = messages.map(({ role: speaker, content }) => indented(`${speaker}: ${content}`));
  return [told, ...said, ...(tools.length > 0 ? [`  tools: ${tools.map(({ name }) => name).join(", ")}`] : [])];
}

const indented = (text: string): string => visible(text).trim().replace(/^/gm, "  │ ");
