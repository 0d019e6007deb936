import { createInterface } from "node:readline";
import { CopeError } from "../errors.js";
import type { GuidelineResponse, Pending } from "../state/pending.js";
import { note, styled } from "./output.js";
import { pendingLines } from "./pending-text.js";
import { parseAnswer } from "./solve-ask.js";

/** Whether there is somebody at a terminal to be asked. */
export const someoneIsThere = (json: boolean): boolean => !json && process.stdin.isTTY && process.stderr.isTTY;

/** Asks the person at the terminal, until the answer is one. Undefined where the terminal is closed: the thread goes on waiting. */
export async function askTerminal(pending: Pending, signal: AbortSignal): Promise<GuidelineResponse | undefined> {
  for (const line of pendingLines(pending)) note(line);
  const words =
    pending.asks === "guideline" ? "approve, edit=TEXT, reject or reject=REASON" : "approve, reject or reject=REASON";
  for (;;) {
    const line = await readLine(`${styled("bold", words)}: `, signal);
    if (line === undefined) return undefined;
    try {
      const answer = parseAnswer({ answer: line.trim() })!;
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
