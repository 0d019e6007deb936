import { HumanMessage } from "@langchain/core/messages";
import { Command, END, isInterrupted, MemorySaver, MessagesZodMeta, START, StateGraph } from "@langchain/langgraph";
import { registry } from "@langchain/langgraph/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCope, memoryJournal, type CopeOptions } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { FakeModel } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const State = z.object({ messages: z.array(z.any()).register(registry as any, MessagesZodMeta as any) });
const config = { configurable: { thread_id: "t" } };
const models = () => ({
  small: bySample({ solo: ["a", "a", "b", "c", "d", "e", "f", "g"], guided: UNLIKE }),
  large: new FakeModel(({ system, user }) => (system.startsWith("plan") ? "advice" : `taken over: ${user}`)),
});

/** A parent that shares nothing but `messages`: each build is another process's, over the same saver and journal. */
function parent(options: CopeOptions, saver: MemorySaver) {
  const cascade = createCope({ family: plain, ask: { guideline: true, leaving: false }, ...options }).compile();
  return new StateGraph(State)
    .addNode("cascade", cascade)
    .addEdge(START, "cascade")
    .addEdge("cascade", END)
    .compile({ checkpointer: saver });
}

const question = { messages: [new HumanMessage("q")] };
const lastOf = (state: { messages: { text: string }[] }) => state.messages.at(-1)!.text;

describe("an approval inside another graph", () => {
  it("interrupts the parent, is seen through it, and is resumed on it with nothing bought twice", async () => {
    const [saver, journal] = [new MemorySaver(), memoryJournal()];
    const first = models();
    const waiting = await parent({ ...first, journal }, saver).invoke(question, config);
    expect(isInterrupted(waiting)).toBe(true);
    const bought = [first.small.asked.length, first.large.asked.length];
    expect(bought).toEqual([12, 1]);

    const second = models();
    const seen = parent({ ...second, journal }, saver);
    const { tasks } = await seen.getState(config, { subgraphs: true });
    expect(tasks[0]!.interrupts[0]!.value).toMatchObject({ asks: "guideline", guideline: "advice" });
    expect((tasks[0]!.state as { next: string[] }).next).toEqual(["guided_approve"]);
    // Going on without a response leaves it where it is.
    expect(isInterrupted(await seen.invoke(null, config))).toBe(true);

    const third = models();
    const resumed = parent({ ...third, journal }, saver);
    const edit = { decision: "edit", guideline: "mine" };
    const answered = await resumed.invoke(new Command({ resume: edit }), config);
    expect(lastOf(answered as never)).toBe("taken over: q\nguideline=mine");
    expect([second.small.asked.length, second.large.asked.length]).toEqual([0, 0]);
    // The guided samples and the takeover: no goal, no solo sample, no guideline again.
    expect(third.small.asked.every(({ user }) => user.includes("guideline=mine"))).toBe(true);
    expect(third.large.asked).toHaveLength(1);
  });

  it("rejects on the parent, too", async () => {
    const saver = new MemorySaver();
    const graph = parent({ ...models(), journal: memoryJournal() }, saver);
    await graph.invoke(question, config);
    expect(lastOf((await graph.invoke(new Command({ resume: "reject" }), config)) as never)).toBe("a");
  });
});
