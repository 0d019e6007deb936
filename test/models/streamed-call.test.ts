import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCaller } from "../../src/models/call.js";
import { given } from "../../src/models/given.js";
import { memoryJournal } from "../../src/models/journal.js";
import { openTape } from "../../src/models/tape.js";
import { startStreamingServer, type StreamedReply } from "../support/streaming-server.js";
import { callContext, callRequest } from "./calls.js";

/** A door, a server behind it that replies by turns, and the pieces that were told. */
async function door(...replies: StreamedReply[]) {
  const server = await startStreamingServer((_, count) => replies[Math.min(count, replies.length - 1)]!);
  onTestFinished(() => server.close());
  const model = await given(
    new ChatOpenAI({ model: "some", apiKey: "none", temperature: 0, configuration: { baseURL: server.url } }),
  );
  const told: string[] = [];
  return { server, told, context: callContext(model, { onToken: (piece) => void told.push(piece) }) };
}
const caller = (more = {}) => createCaller({ journal: memoryJournal(), retryWaitMs: 1, ...more });

describe("a call that streams", () => {
  it("tells the text as it comes, with the true count of tokens at its end", async () => {
    const { server, told, context } = await door({ pieces: ["four", "ty", " two"] });
    const { reply, entries } = await caller()(callRequest(), context);
    expect(told).toEqual(["four", "ty", " two"]);
    expect(reply).toMatchObject({ text: "fourty two", finish: "stop", usage: { inputTokens: 20, outputTokens: 3 } });
    expect(entries).toMatchObject([{ status: "answered", inputTokens: 20, outputTokens: 3 }]);
    expect(server.requests.map(({ stream }) => stream)).toEqual([true]);
  });

  it("does not stream where nobody asked for pieces", async () => {
    const { server, context } = await door({ pieces: ["42"] });
    await caller()(callRequest(), { ...context, onToken: undefined });
    expect(server.requests.some(({ stream }) => stream)).toBe(false);
  });

  it("is tried again as long as nothing was to be seen, white space included", async () => {
    const { told, context } = await door(
      { pieces: [], end: "reset" },
      { pieces: ["\n", " "], end: "reset" },
      { pieces: ["\n", "4", "2"] },
    );
    const { reply, entries } = await caller()(callRequest(), context);
    expect(told).toEqual(["\n4", "2"]);
    expect(reply?.text).toBe("\n42");
    expect(entries.map(({ status }) => status)).toEqual(["failed", "failed", "answered"]);
  });

  it.each(["reset", "closed", "stall"] as const)(
    "ends in a coded error with what came where its text breaks off (%s), and is not tried again",
    async (end) => {
      const { server, told, context } = await door({ pieces: ["the ", "answer ", "is"], end }, { pieces: ["other"] });
      const asked = caller()(callRequest(), { ...context, callTimeoutMs: 700 });
      await expect(asked).rejects.toMatchObject({ code: "STREAM_CUT", partial: "the answer is" });
      expect(told.join("")).toBe("the answer is");
      expect(server.requests).toHaveLength(1);
    },
  );

  it("ends so, too, where the run's own time is up in the middle of the text", async () => {
    const { context } = await door({ pieces: ["half"], end: "stall" });
    const deadline = AbortSignal.timeout(700);
    await expect(caller()(callRequest(), { ...context, deadline })).rejects.toMatchObject({ code: "STREAM_CUT" });
  });

  it("is an abort where the run is aborted", async () => {
    const { context } = await door({ pieces: ["half"], end: "stall" });
    const stop = new AbortController();
    const onToken = () => stop.abort(new Error("enough"));
    await expect(caller()(callRequest(), { ...context, onToken, signal: stop.signal })).rejects.toThrow("enough");
  });

  it("asks again in a resumed run, and tells an answer that was journaled whole by its reply alone", async () => {
    const call = caller();
    const { told, context } = await door({ pieces: ["the "], end: "reset" }, { pieces: ["whole"] });
    await expect(call(callRequest(), context)).rejects.toMatchObject({ code: "STREAM_CUT" });
    told.length = 0;
    expect((await call(callRequest(), context)).reply?.text).toBe("whole");
    expect((await call(callRequest(), context)).reply?.text).toBe("whole");
    expect(told).toEqual(["whole"]);
  });

  it("leaves another run alone that shares the call, by way of a tape", async () => {
    const tape = openTape(":memory:");
    onTestFinished(() => tape.close());
    const { context } = await door({ pieces: ["the "], end: "reset" }, { pieces: ["whole"] });
    const call = caller({ tape });
    const streams = call(callRequest(), context);
    const shares = call(callRequest(), { ...context, thread: "other", onToken: undefined });
    await expect(streams).rejects.toMatchObject({ code: "STREAM_CUT" });
    expect((await shares).reply?.text).toBe("whole");
  });
});
