import { tool } from "langchain";
import { z } from "zod";
import { scriptedModel, type Asked, type ScriptedReply } from "../../src/testing/index.js";

/** A tool that adds, and notes what it was asked to add. */
export function adder() {
  const added: { a: number; b: number }[] = [];
  const add = tool(({ a, b }) => (added.push({ a, b }), String(a + b)), {
    name: "add",
    description: "Adds two numbers.",
    schema: z.object({ a: z.number(), b: z.number() }),
  });
  return { add, added };
}

export const calls = (a: number, b: number): ScriptedReply => ({
  text: "",
  toolCalls: [{ name: "add", args: { a, b } }],
});

/** Steps that were already taken for the latest question: results of tools since then. */
export const resultsIn = ({ messages }: Pick<Asked, "messages">): number =>
  messages
    .slice(messages.findLastIndex(({ role, content }) => role === "user" && !isAdvice(content)))
    .filter(({ role }) => role === "tool").length;

const isAdvice = (content: string) => /^(?:Act on this now|\(At an earlier step)/.test(content);

/** What a small model says at each step: the steps' samples by index, or one reply for all. */
export type Steps = readonly (ScriptedReply | readonly ScriptedReply[])[];

/** A model that acts by the number of steps already taken. With a guideline in sight it follows `advised`, where that is given. */
export function acting(steps: Steps, advised?: Steps) {
  return scriptedModel((asked) => {
    const told =
      advised && asked.messages.some(({ content }) => /Guideline for your next step|was advised/.test(content));
    const step = (told ? advised : steps)[resultsIn(asked)]!;
    return Array.isArray(step) ? (step as ScriptedReply[])[asked.index ?? 0]! : (step as ScriptedReply);
  });
}

/** A large model that writes guidelines, and takes over as told. */
export function advising(guideline: string, takeover: Steps = []) {
  return scriptedModel((asked) => {
    if (asked.purpose === "guideline") return guideline;
    const step = takeover[resultsIn(asked)];
    return step === undefined ? new Error("nobody asked it to take over") : (step as ScriptedReply);
  });
}

/** Eight samples that agree on nothing. */
export const UNSURE: readonly ScriptedReply[] = Array.from({ length: 8 }, (_, i) => calls(i, 100 + i));

export const asking = (content: string) => ({ messages: [{ role: "user" as const, content }] });
