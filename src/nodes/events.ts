import { isCommand, type LangGraphRunnableConfig } from "@langchain/langgraph";
import type { RunUpdate } from "../state/channels.js";
import type { Hide } from "../models/hide.js";
import { hidingErrors } from "./hiding-errors.js";
import type { CopeEvent } from "../state/event.js";

type Node = (input: any, config: LangGraphRunnableConfig) => Promise<unknown>;

/**
 * The same node, which also tells what it wrote as events of the `custom` stream, also where the cascade is a part of another graph;
 * and whose errors are without private texts.
 */
export function withEvents(node: Node, hide: Hide): Node {
  return async function telling(input, config) {
    const result = await hidingErrors(hide, () => node(input, config));
    for (const event of eventsOf((isCommand(result) ? result.update : result) as RunUpdate)) config.writer?.(event);
    return result;
  };
}

function eventsOf({ plans, samples, verdicts, answer }: RunUpdate): CopeEvent[] {
  return [
    ...listed(plans).map((plan) => ({ type: "cope", stage: plan.stage, kind: "plan", plan }) as const),
    ...listed(samples).map(({ logprobs: _logprobs, vector: _vector, ...sample }) => {
      return { type: "cope", stage: sample.stage, kind: "sample", sample } as const;
    }),
    ...listed(verdicts).map((verdict) => ({ type: "cope", stage: verdict.stage, kind: "verdict", verdict }) as const),
    ...(answer ? [{ type: "cope", stage: answer.stage, kind: "answer", answer } as const] : []),
  ];
}

/** Intake does not add to lists, it empties them. */
const listed = <T>(written: readonly T[] | undefined): readonly T[] => (Array.isArray(written) ? written : []);
