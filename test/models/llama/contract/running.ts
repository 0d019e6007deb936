import { expect } from "vitest";
import type { Point } from "../chat-model-contract.js";

const QUESTION = "Tell a story about a robot that learns to bake bread.";

/** Calls at once, and calls that are no longer wanted. */
export const running: Record<string, Point> = {
  "answers calls at once, each its own": async ({ create }) => {
    const model = create({ maxTokens: 4 });
    const questions = Array.from({ length: 12 }, (_, index) => `Hello${" again".repeat(index)}`);
    const alone = [];
    for (const question of questions) alone.push(await model.invoke(question, { maxTokens: 1 } as never));
    const answers = await Promise.all(questions.map((question) => model.invoke(question)));
    expect(answers.map(({ usage_metadata }) => usage_metadata?.input_tokens)).toEqual(
      alone.map(({ usage_metadata }) => usage_metadata?.input_tokens),
    );
    for (const { text } of answers) expect(text).not.toBe("");
  },
  "does not begin a call whose signal is aborted already": async ({ create }) => {
    const pieces: string[] = [];
    const callbacks = [{ lc_prefer_streaming: true, handleLLMNewToken: (piece: string) => void pieces.push(piece) }];
    await expect(create().invoke(QUESTION, { signal: AbortSignal.abort(), callbacks })).rejects.toThrow(/abort/i);
    expect(pieces).toEqual([]);
  },
  "ends a call that is aborted between tokens": async ({ create }) => {
    const stop = new AbortController();
    let pieces = 0;
    const handleLLMNewToken = () => {
      pieces += 1;
      if (pieces === 3) stop.abort(new Error("no longer wanted"));
    };
    const callbacks = [{ lc_prefer_streaming: true, handleLLMNewToken }];
    const call = create({ maxTokens: 500 }).invoke(QUESTION, { signal: stop.signal, callbacks });
    await expect(call).rejects.toThrow(/no longer wanted|abort/i);
    expect(pieces).toBeLessThan(20);
  },
  "ends a call that is aborted while it does not stream": async ({ create }) => {
    const stop = new AbortController();
    const call = create({ maxTokens: 500 }).invoke(QUESTION, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("no longer wanted")), 200);
    await expect(call).rejects.toThrow(/no longer wanted|abort/i);
    expect((await create().invoke(QUESTION)).text).not.toBe("");
  },
  "ends a stream that is aborted between tokens": async ({ create }) => {
    const stop = new AbortController();
    let pieces = 0;
    const read = async () => {
      for await (const _ of await create({ maxTokens: 2000 }).stream(QUESTION, { signal: stop.signal })) {
        pieces += 1;
        if (pieces === 3) stop.abort(new Error("no longer wanted"));
      }
    };
    await expect(read()).rejects.toThrow(/no longer wanted|abort/i);
    expect(pieces).toBeLessThan(20);
  },
  "frees its place when a stream's reader leaves": async ({ create }) => {
    const model = create({ maxTokens: 500 });
    // More readers than any model here has places: were one place kept, the later ones would wait for ever.
    for (let reader = 0; reader < 20; reader += 1) {
      for await (const chunk of await model.stream(QUESTION)) if (chunk.text) break;
    }
    expect((await create().invoke(QUESTION)).text).not.toBe("");
  },
  "ends a call at its timeout": async ({ create }) => {
    await expect(create({ maxTokens: 2000 }).invoke(QUESTION, { timeout: 150 })).rejects.toThrow(/abort|timeout/i);
  },
};
