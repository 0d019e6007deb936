import type { LlamaGrammarEvaluationState, Token } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import type { Sampling } from "../types.js";
import type { Engine } from "./engine.js";
import { CHUNK, prepare } from "./prepare.js";
import { scoreTokens } from "./score.js";
import type { Slot } from "./sequence-pool.js";
import type { TokenLogprob } from "./shapes.js";
import { TextStream } from "./text-stream.js";

/** What holds a text to a form while it is written. */
export interface Constraint {
  /** The grammar that the next token must obey; undefined: none. */
  state(): LlamaGrammarEvaluationState | undefined;
  /** Told the whole text after each token. @returns true when the text is complete. */
  see(text: string): boolean;
}

/** How one text is generated. */
export interface GenerateOptions extends Omit<Sampling, "logprobs" | "topLogprobs"> {
  constraint?: Constraint;
  /** Report log-probabilities, with this many alternatives for each token. */
  logprobs?: { top: number };
  /** Go on from what an earlier call generated, without evaluating it again. */
  keepGenerated?: boolean;
  /** Given the text in pieces as they come; a piece is never taken back. */
  onText?(piece: string): void;
}

/** What came of one generation. */
export interface Generated {
  text: string;
  /** Generated tokens, those of a stop string included, the model's end-of-turn token not. */
  outputTokens: number;
  /** `stop`: the model, a stop string or a complete form ended it; `length`: the token limit or the context did. */
  finish: "stop" | "length";
  logprobs?: TokenLogprob[];
}

/**
 * Generates the continuation of a prompt on a free sequence of the engine.
 *
 * @throws CopeError `CONTEXT_OVERFLOW`, before anything is evaluated, when the prompt leaves no room for one token;
 *   `RATE_LIMITED` when too many calls wait; the signal's reason when aborted.
 */
export async function generate(
  engine: Engine,
  prompt: readonly Token[],
  options: GenerateOptions,
  signal?: AbortSignal,
): Promise<Generated> {
  const room = roomFor(engine, prompt.length, options.maxTokens);
  const slot = await engine.pool.acquire(prompt, signal);
  engine.lockstep.join();
  try {
    const tail = tailOf(prompt.length);
    const { keepGenerated } = options;
    await prepare(engine, slot, prompt.slice(0, -tail), { signal, ...(keepGenerated ? { keepGenerated } : {}) });
    const bounded = { ...options, maxTokens: Math.min(options.maxTokens, room) };
    const { tokens, ...made } = await sample(engine, slot, prompt.slice(-tail), bounded, signal);
    if (!options.logprobs) return made;
    // In one pass afterwards: reading them token by token would cost half the speed.
    const place = { before: prompt.length, last: prompt.at(-1)!, tokens, top: options.logprobs.top };
    return { ...made, logprobs: await scoreTokens(engine, slot, place, signal) };
  } finally {
    engine.lockstep.leave();
    engine.pool.release(slot);
  }
}

/** Tokens that fit after a prompt. @throws CopeError `CONTEXT_OVERFLOW` */
export function roomFor({ contextSize }: Pick<Engine, "contextSize">, promptLength: number, wanted: number): number {
  const room = contextSize - promptLength;
  if (room >= 1) return room;
  throw new CopeError(
    "CONTEXT_OVERFLOW",
    `the prompt has ${promptLength} tokens, the context holds ${contextSize}.`,
    `shorten the question, or set contextSize to at least ${promptLength + wanted}.`,
  );
}

// The last token is evaluated when sampling begins. So is one before it that would make a chunk of its own: single
// tokens share their batch with other calls, and what a prompt leaves behind must not depend on company.
function tailOf(promptLength: number): number {
  return promptLength > 1 && (promptLength - 1) % CHUNK === 1 ? 2 : 1;
}

async function sample(
  engine: Engine,
  slot: Slot,
  last: Token[],
  { temperature, topP, seed, maxTokens, stop = [], constraint, onText = () => {} }: GenerateOptions,
  signal?: AbortSignal,
): Promise<Generated & { tokens: Token[] }> {
  const stream = new TextStream<Token>((tokens, before) => engine.model.detokenize(tokens, false, before), stop);
  const tokens: Token[] = [];
  let told = 0;
  const tell = (upTo: number) => {
    if (upTo > told) onText(stream.text.slice(told, upTo));
    told = Math.max(told, upTo);
  };
  const end = (finish: "stop" | "length"): Generated & { tokens: Token[] } => {
    const text = stream.stopped ? stream.text : stream.end();
    tell(text.length);
    return { text, outputTokens: tokens.length, finish, tokens };
  };
  const grammarEvaluationState = constraint && (() => constraint.state());
  await engine.lockstep.next(slot.place);
  signal?.throwIfAborted();
  for await (const token of slot.sequence.evaluate(last, { temperature, topP, seed, grammarEvaluationState })) {
    tokens.push(token);
    if (stream.push(token)) return end("stop");
    tell(stream.settled);
    if (constraint?.see(stream.text)) return end("stop");
    if (tokens.length >= maxTokens) return end("length");
    await engine.lockstep.next(slot.place);
    signal?.throwIfAborted();
  }
  return end("stop");
}
