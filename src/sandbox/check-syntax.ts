import { checkJavaScript } from "./javascript/run.js";
import { deadlineIn } from "./deadline.js";
import { inTurn } from "./queue.js";
import { limitsOf } from "./limits.js";
import { startPython, within } from "./start.js";
import type { Language, RunOptions } from "./types.js";

/** A text that may be a program. */
export interface SyntaxCheck {
  language: Language;
  code: string;
  signal?: AbortSignal;
  prefer?: RunOptions["prefer"];
}

interface Waiting {
  code: string;
  resolve(error: string | undefined): void;
  reject(error: unknown): void;
}

/** Parsing runs nothing of a text, so that texts may share a process; all that come while one runs go into the next. */
const waiting: Waiting[] = [];
let running = false;

/**
 * Whether a text is a program of its language; nothing of it is run.
 *
 * @returns the error in one line, `undefined` where there is none
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED; the signal's reason
 */
export async function checkSyntax({ language, code, signal, prefer }: SyntaxCheck): Promise<string | undefined> {
  signal?.throwIfAborted();
  if (language === "javascript") return inTurn(signal, () => checkJavaScript(code, limitsOf({}, language), signal));
  const error = await new Promise<string | undefined>((resolve, reject) => {
    waiting.push({ code, resolve, reject });
    if (!running) void checkAll({ prefer });
  });
  signal?.throwIfAborted();
  return error;
}

/** One message has to hold them. */
const MOST_TEXTS = 100;

async function checkAll(options: RunOptions): Promise<void> {
  running = true;
  // Those that are asked for at the same time come in this very turn of the loop.
  await Promise.resolve();
  while (waiting.length > 0) {
    const batch = waiting.splice(0, MOST_TEXTS);
    try {
      await inTurn(undefined, () => checkBatch(batch, options));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  running = false;
}

async function checkBatch(batch: Waiting[], options: RunOptions): Promise<void> {
  const limits = limitsOf({}, "python");
  while (batch.length > 0) {
    const task = { texts: batch.map(({ code }) => code) };
    const python = await startPython({ purpose: "syntax", task, limits }, await within(options));
    const clock = deadlineIn(limits.wallMs);
    clock.watch(python);
    for (let line = await python.receive(); line !== undefined && batch.length > 0; line = await python.receive()) {
      batch.shift()!.resolve((JSON.parse(line) as string | null) ?? undefined);
    }
    clock.close();
    // One at which the parser itself gave up must not cost the others their answer.
    batch.shift()?.resolve("it cannot be parsed");
  }
}
