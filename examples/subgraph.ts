// The cascade as a part of another graph, which shares nothing with it but `messages`, and a person who approves each guideline.
// Run it with `npx tsx examples/subgraph.ts`.
import { HumanMessage } from "@langchain/core/messages";
import { Command, END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { pathToFileURL } from "node:url";
import { createCope, type CopeOptions } from "langgraph-cope";

/** Answers by the embedded models unless others are given; `approve` is shown a guideline, and says what is to be used. */
export async function subgraph(
  models: Pick<CopeOptions, "small" | "large"> = {},
  approve: (guideline: string) => string = (guideline) => guideline,
) {
  const cope = createCope({ family: "math", ask: { guideline: true }, ...models }).compile();
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("cope", cope)
    .addNode("sign", () => ({ messages: [new HumanMessage("Thank you.")] }))
    .addEdge(START, "cope")
    .addEdge("cope", "sign")
    .addEdge("sign", END)
    .compile({ checkpointer: new MemorySaver() });

  const thread = { configurable: { thread_id: "example" } };
  const question = "What is the sum of the first ten odd numbers?";
  await graph.invoke({ messages: [new HumanMessage(question)] }, thread);
  // Where a guideline was written, the run waits in the cascade: perhaps for hours, and in another process.
  for (;;) {
    const { values, tasks } = await graph.getState(thread, { subgraphs: true });
    const [waiting] = tasks.flatMap(({ interrupts }) => interrupts);
    if (!waiting) return (values as typeof MessagesAnnotation.State).messages.map(({ text }) => text);
    const { guideline } = waiting.value as { guideline: string };
    await graph.invoke(new Command({ resume: { decision: "edit", guideline: approve(guideline) } }), thread);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(await subgraph());
