import { CopeError } from "../errors.js";
import type { Message } from "../state/message.js";
import type { ToolSpec } from "../state/tool.js";
import type { CallPlace } from "./call-of-seed.js";

/** What a scripted model is asked, and where in the run. */
export interface Asked extends Partial<CallPlace> {
  /** All messages, in order. */
  messages: readonly Message[];
  /** The system message, or an empty text. */
  system: string;
  /** The last message. */
  user: string;
  /** The call's seed; -1 where none was sent. */
  seed: number;
  /** Requests before this one, from 0 in order of arrival. */
  count: number;
  /** From 1: how often this very call has been tried, this time included. */
  attempt: number;
  /** Tools that were offered. */
  tools: readonly ToolSpec[];
  /** Everything else that was asked for, as LangChain hands it on: `temperature`, `maxTokens`, `stop`, `logprobs` … */
  options: Readonly<Record<string, unknown>>;
  /** Aborted when the run no longer waits. */
  signal?: AbortSignal;
}

/** One reply in full. */
export interface FullReply {
  text: string;
  /** Tools it calls. Ids are made up. */
  toolCalls?: readonly { name: string; args?: Readonly<Record<string, unknown>> }[];
  /** Calls whose arguments cannot be read, as they come. */
  brokenCalls?: readonly { name: string; args: string }[];
  /** Why the text ended. @default "stop" */
  finish?: string;
  /** Tokens; null: the server states none. @default a token for every four characters, at least one */
  usage?: { inputTokens: number; outputTokens: number } | null;
  /** Natural-log probability of each generated token. @default none are reported */
  logprobs?: readonly number[];
}

/** A text, a reply in full, an error to be thrown (see `failure`), or what the attempts at one call meet, one after the other. */
export type ScriptedReply = string | FullReply | Error | { attempts: readonly (string | FullReply | Error)[] };

/** Which calls a rule answers, and how. All conditions that are given must hold. */
export interface Rule {
  stage?: string;
  purpose?: CallPlace["purpose"];
  /** From 1. */
  turn?: number;
  /** A text that one of the messages contains, or an expression that one of them matches. */
  prompt?: string | RegExp;
  /** Answers every such call. */
  reply?: ScriptedReply;
  /** One for each such call: by the sample's index where it has one, so that it does not matter which call arrives first; else in order of arrival. */
  replies?: readonly ScriptedReply[];
}

/** Rules, of which the first that has a reply answers; or one function for everything. */
export type Script = readonly Rule[] | ((asked: Asked) => ScriptedReply | Promise<ScriptedReply>);

/** A script as it is played: remembers which of its rules were used. */
export interface Player {
  replyTo(asked: Asked): ScriptedReply | Promise<ScriptedReply>;
  /** Rules that answered nothing so far. */
  unused(): Rule[];
}

/**
 * Plays a script.
 *
 * @throws CopeError `OPTIONS_INVALID` for a rule without a reply; while playing, `SCRIPT_MISMATCH` where no rule is meant
 * for a call, `SCRIPT_EXHAUSTED` where one is that has no reply left. Both end the run.
 */
export function play(script: Script): Player {
  if (typeof script === "function") return { replyTo: script, unused: () => [] };
  for (const [nth, { reply, replies }] of script.entries()) {
    if ((reply === undefined) !== (replies === undefined)) continue;
    throw new CopeError(
      "OPTIONS_INVALID",
      `rule ${nth} of the script has no reply, or two.`,
      "give `reply` or `replies`.",
    );
  }
  const used = new Set<Rule>();
  const places = new Map(script.map((rule) => [rule, new Map<string, number>()]));
  /** Where in a rule's list a call stands; it keeps its place when it is tried again. */
  const placeOf = (rule: Rule, { index, seed, user, count }: Asked): number => {
    if (index !== undefined) return index;
    const taken = places.get(rule)!;
    const call = seed < 0 ? `request ${count}` : `${seed} ${user}`;
    const place = taken.get(call) ?? taken.size;
    taken.set(call, place);
    return place;
  };
  return {
    replyTo(asked) {
      const meant = script.filter((rule) => isMeant(rule, asked));
      for (const rule of meant) {
        const reply = rule.reply ?? rule.replies![placeOf(rule, asked)];
        if (reply === undefined) continue;
        used.add(rule);
        return reply;
      }
      throw meant.length > 0 ? exhausted(meant, asked) : mismatch(asked);
    },
    unused: () => script.filter((rule) => !used.has(rule)),
  };
}

function isMeant({ stage, purpose, turn, prompt }: Rule, asked: Asked): boolean {
  const said = (text: string) => (typeof prompt === "string" ? text.includes(prompt) : text.search(prompt!) >= 0);
  return (
    (stage === undefined || stage === asked.stage) &&
    (purpose === undefined || purpose === asked.purpose) &&
    (turn === undefined || turn === asked.turn) &&
    (prompt === undefined || asked.messages.some(({ content }) => said(content)))
  );
}

function exhausted(rules: readonly Rule[], asked: Asked): CopeError {
  const count = rules.reduce((sum, { replies = [] }) => sum + replies.length, 0);
  return new CopeError(
    "SCRIPT_EXHAUSTED",
    `the script has ${count} replies for ${described(asked)}, and none is left.`,
    "give as many replies as samples may be drawn, or one `reply` for all.",
  );
}

function mismatch(asked: Asked): CopeError {
  return new CopeError(
    "SCRIPT_MISMATCH",
    `no rule of the script is meant for ${described(asked)}.`,
    asked.stage === undefined
      ? "its seed tells no stage: tell the scripted model the run's `seed`, `stages` of your own, and how many `turns` there are; or use a rule by `prompt`."
      : "add a rule for it, or widen one.",
  );
}

function described({ stage, purpose, index, turn, user }: Asked): string {
  const place =
    stage === undefined ? "a call" : `${[turn, stage, index, purpose].filter((x) => x !== undefined).join("/")}`;
  const text = user.replaceAll(/\s+/g, " ");
  return `${place} ("${text.length > 60 ? `${text.slice(0, 60)}…` : text}")`;
}
