import { Command } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import { saidOf } from "../options-error.js";
import type { Ask } from "../state/ask.js";
import { GuidelineResponse, SendingResponse, type Pending } from "../state/pending.js";
import { numberOf } from "./flags.js";

/** Flags of `cope solve` about people. */
export interface AskFlags {
  ask?: string;
  answer?: string;
}

/** `--ask guideline,spending=0.01,leaving`. @throws CopeError `OPTIONS_INVALID` */
export function parseAsk({ ask }: AskFlags): Ask | undefined {
  if (ask === undefined) return undefined;
  const wishes = ask.split(",").map((part): Ask => {
    const [name, value] = part.trim().split("=", 2);
    const usd = numberOf(value);
    if (name === "guideline" && value === undefined) return { guideline: true };
    if (name === "leaving" && value === undefined) return { leaving: true };
    if (name === "spending" && usd !== undefined && usd >= 0) return { spendingAbove: usd };
    throw wrong(
      `--ask: "${part.trim()}" is given.`,
      "use guideline, leaving or spending=DOLLARS, with commas between.",
    );
  });
  return Object.assign({}, ...wishes) as Ask;
}

/** `--answer approve`, `reject`, `reject=REASON` or `edit=TEXT`. @throws CopeError `OPTIONS_INVALID` */
export function parseAnswer({ answer }: AskFlags): GuidelineResponse | undefined {
  if (answer === undefined) return undefined;
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

const wrong = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", reason, remedy);
