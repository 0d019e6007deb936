import { equal as is, ok, rejects } from "node:assert/strict";
import { given, type ModelLike } from "../models/given.js";
import { ROOM } from "../models/thinking/models.js";
import { partThinking } from "../models/thinking/part.js";
import type { ChatHandle, Reply, Sampling } from "../models/types.js";
import type { Message } from "../state/message.js";
import { runContract, type ContractOptions } from "./suite.js";

const USER: Message[] = [{ role: "user", content: "Tell me a story about a fox, in one sentence." }];
const SAMPLING: Sampling = { temperature: 0.8, maxTokens: 24, seed: 7 };

/**
 * What the cascade needs of a chat model that takes a role. It is asked a few dozen short questions for real: skip, with the
 * reason, what your model or server cannot keep.
 *
 * @param make - a chat model, or the function that builds one for each sampling, as the options `small` and `large` take them
 */
export function chatModelContract(
  name: string,
  make: () => Exclude<ModelLike, string> | Promise<Exclude<ModelLike, string>>,
  options: ContractOptions = {},
): void {
  const asking = async (run: (ask: Ask) => Promise<void>): Promise<void> => {
    const handle = await given(await make());
    await run((sampling = {}, messages = USER, signal = new AbortController().signal) =>
      handle.ask(messages, { ...SAMPLING, ...sampling }, signal),
    );
  };
  type Ask = (
    sampling?: Partial<Sampling>,
    messages?: Message[],
    signal?: AbortSignal,
  ) => ReturnType<ChatHandle["ask"]>;
  const texts = (replies: Reply[]) => replies.map(({ text }) => text);

  const cases: Record<string, () => Promise<void>> = {
    "answers with a text": () =>
      asking(async (ask) => {
        const { text } = await ask();
        ok(text.trim() !== "", "the text is empty");
      }),
    "counts tokens, or says that it does not: never 0": () =>
      asking(async (ask) => {
        const { usage } = await ask();
        for (const count of [usage.inputTokens, usage.outputTokens]) {
          ok(count === null || (Number.isInteger(count) && count > 0), `it counts ${count}`);
        }
      }),
    "takes system, user and assistant messages": () =>
      asking(async (ask) => {
        const { text } = await ask({}, [
          { role: "system", content: "You answer in one word." },
          { role: "user", content: "What colour is the sky?" },
          { role: "assistant", content: "Blue." },
          { role: "user", content: "And grass?" },
        ]);
        ok(text.trim() !== "", "the text is empty");
      }),
    "keeps to the output limit of each call": () =>
      asking(async (ask) => {
        for (const maxTokens of [3, 9]) {
          const { usage, text } = await ask({ maxTokens });
          // Where nothing is counted: hardly a word has more than twenty characters a token.
          const kept = usage.outputTokens === null ? text.length <= maxTokens * 20 : usage.outputTokens <= maxTokens;
          ok(kept, `${usage.outputTokens ?? "uncounted"} tokens at a limit of ${maxTokens}: ${text}`);
        }
      }),
    "says that the output limit cut a text": () =>
      asking(async (ask) => is((await ask({ maxTokens: 3 })).finish, "length")),
    "says the same again at temperature 0": () =>
      asking(async (ask) => {
        const first = await ask({ temperature: 0 });
        is((await ask({ temperature: 0 })).text, first.text);
      }),
    "says different things to different seeds": () =>
      asking(async (ask) => {
        const replies = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => ask({ seed, temperature: 1 })));
        // A model that agrees with itself whatever the seed makes every vote unanimous.
        ok(new Set(texts(replies)).size > 1, `six samples at temperature 1 all read: ${replies[0]!.text}`);
      }),
    "keeps what it thinks apart from its text, whole and streamed": async () => {
      const handle = await given(await make());
      const room = handle.thinks ? ROOM.local : 0;
      const sampling = { ...SAMPLING, maxTokens: SAMPLING.maxTokens + room };
      const { signal } = new AbortController();
      const told: string[] = [];
      const whole = await handle.ask(USER, sampling, signal);
      const streamed = await handle.ask(USER, sampling, signal, [], (piece) => void told.push(piece));
      for (const { text, thinking } of [whole, streamed]) {
        is(partThinking(text).text, text, "the text holds thinking");
        ok(!thinking || !text.includes(thinking.trim()), "the text repeats the thinking");
      }
      // A closing mark that nothing opened comes too late for a stream. A model that does not stream tells none of it.
      if (told.length > 0) is(told.join(""), streamed.text, "the stream told another text than the answer");
    },
    "answers eight calls at once": () =>
      asking(async (ask) => {
        const replies = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((seed) => ask({ seed })));
        ok(texts(replies).every((text) => text.trim() !== ""));
      }),
    "ends a call that is aborted, and no other": () =>
      asking(async (ask) => {
        const abort = new AbortController();
        const [one, other] = [ask({ maxTokens: 256 }, USER, abort.signal), ask({ seed: 8 })];
        const ended = rejects(one);
        abort.abort(new Error("enough"));
        await ended;
        ok((await other).text.trim() !== "");
      }),
    "sends nothing when it was aborted before": () =>
      asking((ask) => rejects(ask({}, USER, AbortSignal.abort(new Error("enough"))))),
    "tells log-probabilities when asked: one for each token, none above 0": () =>
      asking(async (ask) => {
        const { logprobs, usage } = await ask({ logprobs: true });
        ok(logprobs && logprobs.length > 0, "it tells none");
        ok(logprobs.every((logprob) => logprob <= 1e-3));
        if (usage.outputTokens !== null) {
          // The token that ends a text is counted by some and reported by others.
          ok(
            Math.abs(logprobs.length - usage.outputTokens) <= 1,
            `${logprobs.length} for ${usage.outputTokens} tokens`,
          );
        }
      }),
  };
  runContract(`${name} keeps the chat model contract:`, cases, options);
}
