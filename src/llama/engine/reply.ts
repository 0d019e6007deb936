import { randomUUID } from "node:crypto";
import type { BaseMessage, UsageMetadata } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { CopeError } from "../../errors.js";
import { ThinkingStream } from "../../models/thinking/stream.js";
import type { Parted } from "../../models/thinking/part.js";
import { callFormat, forcedOpening, readCalls } from "./call-format.js";
import type { Engine } from "./engine.js";
import { type Constraint, generate, TextStream } from "./generate.js";
import { grammarConstraint, jsonConstraint } from "./grammar.js";
import { renderPrompt } from "./prompt.js";
import type { ReplyOptions, ToolChoice, ToolSpec } from "./shapes.js";
import { templateTokens, toolConstraint } from "./tools.js";

/** One answered message, in the fields of LangChain's. */
export interface Replied {
  text: string;
  /** What the model wrote for itself. */
  thinking?: string;
  tool_calls: ToolCall[];
  usage_metadata: UsageMetadata;
  response_metadata: Record<string, unknown>;
}

/** Answers messages: prompt, constraint, text, calls. @throws what `renderPrompt`, `generate` and the grammars throw */
export async function reply(
  engine: Engine,
  messages: readonly BaseMessage[],
  { tools: offered = [], toolChoice = "auto", ...options }: ReplyOptions,
  signal?: AbortSignal,
): Promise<Replied> {
  const tools = toolsFor(offered, toolChoice);
  const format = tools.length > 0 ? callFormat(engine, options.model) : undefined;
  const forced = format && toolChoice !== "auto" ? forcedOpening(format) : "";
  const prompt = renderPrompt(engine, messages, { tools, opens: forced === "" });
  const input = forced === "" ? prompt.tokens : [...prompt.tokens, ...templateTokens(engine, forced)];
  const constraint = await constraintOf(
    engine,
    options,
    format && (() => toolConstraint(engine, tools, format, forced !== "")),
  );
  const hold = new TextHold(format ? forcedOpening(format).trim() : "", options.onText);
  const visible = new VisibleText((piece) => hold.push(piece), {
    begun: forced === "" && prompt.begun,
    // One that does not think is stopped by the engine, inside of tokens.
    stop: prompt.thinks ? options.stop : undefined,
  });
  const made = await generate(
    engine,
    input,
    {
      ...options,
      stop: [...((!prompt.thinks && options.stop) || []), ...prompt.stop],
      ...(prompt.thinks ? { constraint: visible.constrained(constraint) } : constraint ? { constraint } : {}),
      onText: (piece) => visible.push(piece),
    },
    signal,
  );
  const { text, thinking } = visible.end(made.finish === "length");
  const names = tools.map(({ name }) => name);
  // What was only thought of is not called.
  const { content, calls } = format ? readCalls(forced + text, format, names) : { content: text, calls: [] };
  hold.end(calls.length === 0);
  const output = made.outputTokens;
  return {
    text: content,
    ...(thinking === undefined ? {} : { thinking }),
    tool_calls: calls.map((call) => ({ ...call, id: `call_${randomUUID().replaceAll("-", "").slice(0, 24)}` })),
    usage_metadata: { input_tokens: input.length, output_tokens: output, total_tokens: input.length + output },
    response_metadata: {
      finish_reason: calls.length > 0 ? "tool_calls" : made.finish,
      model_name: options.model,
      model_provider: "llama",
      ...(made.logprobs ? { logprobs: { content: made.logprobs } } : {}),
    },
  };
}

function toolsFor(tools: ToolSpec[], choice: ToolChoice): ToolSpec[] {
  if (choice === "none") return [];
  if (choice === "auto" || choice === "any" || choice === "required") return tools;
  const named = tools.filter(({ name }) => name === choice);
  if (named.length > 0) return named;
  const known = tools.map(({ name }) => name).join(", ");
  throw new CopeError(
    "OPTIONS_INVALID",
    `tool_choice is "${choice}", and the tools are ${known}.`,
    "name one of them.",
  );
}

async function constraintOf(
  engine: Engine,
  { grammar, jsonSchema }: ReplyOptions,
  ofTools: (() => Promise<Constraint>) | undefined,
): Promise<Constraint | undefined> {
  if ([grammar, jsonSchema, ofTools].filter((given) => given !== undefined).length > 1) {
    throw new CopeError("OPTIONS_INVALID", "grammar, jsonSchema and tools exclude each other.", "give one of them.");
  }
  if (grammar !== undefined) return grammarConstraint(engine, grammar);
  if (jsonSchema !== undefined) return jsonConstraint(engine, jsonSchema);
  return ofTools?.();
}

/** Passes text on as it comes, until a mark begins: what may be a tool call is not told as text. */
export class TextHold {
  readonly #mark: string;
  readonly #tell: (piece: string) => void;
  #text = "";
  #told = 0;

  /** @param mark - what a tool call begins with; "": nothing is held. */
  constructor(mark: string, tell: (piece: string) => void = () => {}) {
    this.#mark = mark;
    this.#tell = tell;
  }

  /** More of the text. */
  push(piece: string): void {
    this.#text += piece;
    // A whole answer in braces or in a block of code may be a call without its mark.
    if (this.#mark !== "" && /^\s*(\{|`)/.test(this.#text)) return;
    const at = this.#mark === "" ? -1 : this.#text.indexOf(this.#mark, Math.max(0, this.#told - this.#mark.length));
    this.#upTo(at >= 0 ? at : this.#text.length - this.#begun());
  }

  /** @param plain - no call was found: what was held is text after all. */
  end(plain: boolean): void {
    if (plain) this.#upTo(this.#text.length);
  }

  /** Characters at the end with which the mark may begin. */
  #begun(): number {
    for (let length = Math.min(this.#mark.length - 1, this.#text.length); length > 0; length -= 1) {
      if (this.#mark.startsWith(this.#text.slice(-length))) return length;
    }
    return 0;
  }

  #upTo(end: number): void {
    if (end <= this.#told) return;
    this.#tell(this.#text.slice(this.#told, end));
    this.#told = end;
  }
}

/**
 * What a model says of all that it writes: blocks of thinking are left out, and stop strings and constraints act on what is said alone. A
 * line's end in a block would end the answer, and a grammar would forbid a block that the prompt opened. One that the model would open itself
 * a grammar does forbid: it holds the first token, since a token cannot be taken back.
 */
export class VisibleText {
  readonly #thinking: ThinkingStream;
  readonly #tell: (piece: string) => void;
  readonly #stops: TextStream<number>;
  #piece = "";
  #told = 0;

  /** @param options - `begun`: the prompt opened a block; `stop`: strings that end what is said */
  constructor(
    tell: (piece: string) => void,
    { begun, stop = [] }: { begun: boolean; stop?: readonly string[] | undefined },
  ) {
    this.#tell = tell;
    this.#thinking = new ThinkingStream((piece) => this.#say(piece), begun);
    // It looks for stop strings in text; here its tokens are pieces of text.
    this.#stops = new TextStream<number>(() => this.#piece, stop);
  }

  push(piece: string): void {
    this.#thinking.push(piece);
  }

  /** The same constraint over what is said, which also ends at a stop string. */
  constrained(inner: Constraint | undefined): Constraint {
    return {
      state: () => (this.#thinking.visibleFrom === undefined ? undefined : inner?.state()),
      see: (text) => {
        const from = this.#thinking.visibleFrom;
        return this.#stops.stopped || (from !== undefined && (inner?.see(text.slice(from)) ?? false));
      },
    };
  }

  end(cut: boolean): Parted {
    const { text, ...rest } = this.#thinking.end(cut);
    if (this.#stops.stopped) return { text: this.#stops.text, ...rest };
    this.#tell(this.#stops.text.slice(this.#told));
    return { text, ...rest };
  }

  #say(piece: string): void {
    if (this.#stops.stopped) return;
    this.#piece = piece;
    this.#stops.push(0);
    const { text, settled, stopped } = this.#stops;
    const until = stopped ? text.length : settled;
    if (until > this.#told) this.#tell(text.slice(this.#told, until));
    this.#told = Math.max(this.#told, until);
  }
}
