import type { ServerReply } from "../../test/support/openai-server.js";
import { chance, pick } from "../../test/support/random.js";
import type { Said } from "./players.js";

/** What a server can do wrong, in the order in which runs take their turns; `mixed` draws one of the others for each request. */
export const FAULTS = [
  "none",
  "429 with Retry-After",
  "429 without",
  "500",
  "connection reset",
  "stall",
  "cut body",
  "empty answer",
  "refusal",
  "body is no JSON",
  "arguments are no JSON",
  "wrong tool",
  "wrong arguments",
  "answer after the time limit",
  "no token counts",
  "mixed",
] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * How long a client waits for an answer, milliseconds, and how much longer a late one takes: a minute's lateness at a scaled
 * clock. A machine that is busy with much else needs a longer wait, or sound answers run out of time, too.
 */
export const LIMIT_MS = 4_000;
const LATE = 1.35;

/** Faults that only the client's time limit ends. */
export const isSlow = (fault: Fault): boolean =>
  fault === "stall" || fault === "answer after the time limit" || fault === "mixed";

/** What one run meets: which fault, how often, and at whose calls. */
export interface Trouble {
  fault: Fault;
  share: number;
  whose: "small" | "large" | "both";
}

export function troubleOf(fault: Fault, seed: string): Trouble {
  const share = [0.1, 0.1, 0.3, 0.3, 0.6, 1][pick(6, `share ${seed}`)]!;
  const whose = (["both", "both", "small", "large"] as const)[pick(4, `whose ${seed}`)]!;
  return { fault, share, whose };
}

/** The fault that meets a request; `request` names it and its try. */
export function faultAt({ fault, share, whose }: Trouble, model: "small" | "large", request: string): Fault {
  if ((whose !== "both" && whose !== model) || chance(`met ${request}`) >= share) return "none";
  return fault === "mixed" ? FAULTS[1 + pick(FAULTS.length - 2, `which ${request}`)]! : fault;
}

/** What is sent for a fault in place of what the model says, the wait before it, and whether its tokens are told and billed. */
export interface Spoilt {
  reply: ServerReply;
  waitMs?: number;
  told: boolean;
  billed: boolean;
  /** What the server wrote, which is what it counts. */
  said: Said;
}

/** Bodies with status 200 that hold no answer. */
const NO_REPLY = [
  "<html>Bad gateway</html>",
  '{"id":"chatcmpl-1","choices":[{"mess',
  "{}",
  '{"choices":[]}',
  "",
  "null",
];

/** What becomes of an answer under a fault. `which` decides between forms of the fault. */
export function spoilt(
  fault: Fault,
  said: Said,
  bodyOf: (said: Said, more?: object) => string,
  { which, limitMs }: { which: string; limitMs: number },
): Spoilt {
  const sent = (altered: Said, more?: object) => ({
    reply: { raw: bodyOf(altered, more) },
    told: true,
    billed: true,
    said: altered,
  });
  const untold = (reply: ServerReply, billed: boolean): Spoilt => ({ reply, told: false, billed, said });
  switch (fault) {
    case "429 with Retry-After":
      return untold({ status: 429, headers: { "retry-after": "0.7" }, message: "slow down" }, false);
    case "429 without":
      return untold({ status: 429, message: "slow down" }, false);
    case "500":
      return untold({ status: [500, 502, 503][pick(3, which)]!, message: "it broke" }, false);
    case "connection reset":
      return untold({ fault: "reset" }, true);
    case "stall":
      return untold({ fault: "stall" }, true);
    case "cut body":
      return untold({ fault: "cut" }, true);
    case "empty answer":
      return sent({ text: "" });
    case "refusal":
      return pick(3, which) === 0
        ? untold({ status: 400, message: "flagged by the content policy", code: "content_filter" }, false)
        : sent({ text: "" }, { refusal: "I cannot help with that." });
    case "body is no JSON":
      return untold({ raw: NO_REPLY[pick(NO_REPLY.length, which)]! }, true);
    case "arguments are no JSON":
      return sent(said.call ? { ...said, call: { ...said.call, args: '{"item": ' } } : said);
    case "wrong tool":
      return sent(said.call ? { ...said, call: { ...said.call, name: "order_pizza" } } : said);
    case "wrong arguments":
      return sent(said.call ? { ...said, call: { ...said.call, args: '{"thing":["?"]}' } } : said);
    case "answer after the time limit":
      return { ...sent(said), waitMs: LATE * limitMs, told: false };
    case "no token counts":
      return { ...sent(said, { uncounted: true }), told: false };
    default:
      return sent(said);
  }
}
