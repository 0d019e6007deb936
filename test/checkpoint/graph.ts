import { Annotation, type BaseCheckpointSaver, END, interrupt, START, StateGraph } from "@langchain/langgraph";

const State = Annotation.Root({
  seen: Annotation<string[]>({ reducer: (old, more) => old.concat(more), default: () => [] }),
});

/** Notes "first", waits to be told what comes second, and notes that. */
export const waitingGraph = (checkpointer: BaseCheckpointSaver) =>
  new StateGraph(State)
    .addNode("first", () => ({ seen: ["first"] }))
    .addNode("second", () => ({ seen: [interrupt<string, string>("what comes second?")] }))
    .addEdge(START, "first")
    .addEdge("first", "second")
    .addEdge("second", END)
    .compile({ checkpointer });

export const threadConfig = (thread: string) => ({ configurable: { thread_id: thread } });
