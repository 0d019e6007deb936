import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import { Command, END, Send, START, StateGraph } from "@langchain/langgraph";
import { Channels, formsOf, Output } from "../src/state/channels.js";
import type { Sample } from "../src/state/sample.js";

/**
 * The three stages as one would write them by hand, with LangGraph alone: the same nodes, edges and state schema, the same
 * calls of the same models, and nothing of ours around them. What it costs is LangGraph's and LangChain's share.
 */
export function bareGraph(small: BaseChatModel, large: BaseChatModel, n: number) {
  const graph = new StateGraph({
    ...formsOf(undefined),
    state: Channels,
    output: Output,
    nodes: [] as string[],
  });
  const add = (name: string, node: unknown, ends?: string[]) =>
    graph.addNode(name, node as never, ends ? { ends } : {});
  const say = async (model: BaseChatModel, system: string) =>
    (
      await model.invoke([
        { role: "system", content: system },
        { role: "user", content: "q" },
      ])
    ).text;
  const execute =
    (model: BaseChatModel, stage: string) =>
    async ({ index }: { index: number }) => ({
      samples: [
        { id: `1/${stage}/${index}`, stage, index, text: await say(model, "execute"), value: "v" } satisfies Sample,
      ],
    });
  const fan = (node: string, count: number) => () =>
    Array.from({ length: count }, (_, index) => new Send(node, { index }));
  const verdict = (stage: string) => () => {
    const base = { stage, low: 0.125, high: 0.125, threshold: 0.5, planned: n, drawn: n, waves: 1, why: "split" };
    return { verdicts: [{ ...base, decision: "escalate" as const }] };
  };

  add("intake", () => ({ turn: 1, task: { question: "q" }, question: null }));
  add(
    "solo_plan",
    async ({ index }: { index: number }) => {
      const text = await say(small, "plan");
      const plans = [{ id: `1/solo/${index}`, stage: "solo", kind: "goal" as const, by: "small", text }];
      return new Command({ update: { plans }, goto: new Send("solo_execute", { index }) });
    },
    ["solo_execute"],
  );
  add("solo_execute", execute(small, "solo"));
  add("solo_check", verdict("solo"));
  add("guided_plan", async () => {
    const text = await say(large, "plan");
    return { plans: [{ id: "1/guided", stage: "guided", kind: "guideline" as const, by: "large", text }] };
  });
  add("guided_execute", execute(small, "guided"));
  add("guided_check", verdict("guided"));
  add("takeover_execute", execute(large, "takeover"));
  add("finish", ({ samples }: { samples: Sample[] }) => {
    const text = samples.at(-1)!.text;
    const answer = { value: text, text, stage: "takeover", confidence: null };
    const ledger = { calls: 0, usd: null, byRole: {} };
    const ifLargeAlone = { inputTokens: null, outputTokens: null, usd: null, estimated: true };
    return { answer, ledger: { ...ledger, ifLargeAlone }, stages: [], messages: [new AIMessage(text)] };
  });
  return graph
    .addEdge(START, "intake")
    .addConditionalEdges("intake", fan("solo_plan", n) as never, ["solo_plan"])
    .addEdge("solo_execute", "solo_check")
    .addEdge("solo_check", "guided_plan")
    .addConditionalEdges("guided_plan", fan("guided_execute", n) as never, ["guided_execute"])
    .addEdge("guided_execute", "guided_check")
    .addConditionalEdges("guided_check", fan("takeover_execute", 1) as never, ["takeover_execute"])
    .addEdge("takeover_execute", "finish")
    .addEdge("finish", END);
}
