import type { ChatRequest } from "../../test/support/openai-server.js";
import { chance, pick } from "../../test/support/random.js";

/** What a model says: a text, or a call whose arguments are written out. */
export interface Said {
  text: string;
  call?: { name: string; args: string };
}

export const PRICES: Readonly<Record<string, number>> = { lamp: 12, chair: 30, desk: 95 };

/** The task: two prices are looked up, multiplied out and added, then told. */
export const QUESTION = "What do 3 lamps and 2 chairs cost together?";
export const TOTAL = 3 * PRICES["lamp"]! + 2 * PRICES["chair"]!;

const call = (name: string, args: object): Said => ({ text: "", call: { name, args: JSON.stringify(args) } });

/** What has to be done, in order; each step is right once so many results of tools are there. */
const STEPS: readonly Said[] = [
  call("price", { item: "lamp" }),
  call("price", { item: "chair" }),
  call("total", { amounts: [36, 60] }),
  { text: `Together they cost ${TOTAL} euros.` },
];

/** Steps that are likely to be taken in place of the right one. */
const STRAY: readonly Said[] = [
  call("price", { item: "desk" }),
  call("price", { item: "lamps" }),
  call("total", { amounts: [12, 30] }),
  call("total", { amounts: [3, 2] }),
  { text: "I do not know." },
];

/**
 * Two models of scripted sense. The large one is always right. The small one is sure of easy steps and scatters at hard ones,
 * where a guideline helps it half the time: a function of the run's seed and the request alone.
 */
export function play(request: ChatRequest & { tools?: unknown[] }, model: "small" | "large", seed: string): Said {
  const { messages } = request;
  if (!request.tools) return { text: "Look up what is still missing, and add the amounts only then." };
  const step = Math.min(messages.filter(({ role }) => role === "tool").length, STEPS.length - 1);
  const right = STEPS[step]!;
  if (model === "large") return right;
  const advised = JSON.stringify(messages).includes("Guideline for your next step");
  const hard = chance(`hard ${seed} ${step}`) < 0.45;
  const helped = chance(`helped ${seed} ${step}`) < 0.5;
  const sure = !hard ? 0.9 : advised && helped ? 0.95 : 0.3;
  const draw = `${seed} ${step} ${advised} ${request.seed}`;
  return chance(`sure ${draw}`) < sure ? right : STRAY[pick(STRAY.length, `stray ${draw}`)]!;
}
