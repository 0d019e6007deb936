/**
 * Draws samples in a process of its own, so that memory can be told apart: "ours" by ChatLlama, "plain" by chat
 * sessions of node-llama-cpp on the sequences of one context. Takes loads from the parent, one at a time.
 */
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { getLlama, LlamaChatSession, LlamaLogLevel } from "node-llama-cpp";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { run, SYSTEM, type Draw, type Load } from "./loads.js";
import { CONTEXT, SAMPLING, SLOTS, type Settings } from "./settings.js";

type Drawing = (draw: Draw, onFirst: () => void) => Promise<number>;

const [way, settings] = [process.argv[2], JSON.parse(process.argv[3] ?? "{}") as Settings];

function ours({ path, threads, tokens }: Settings): Drawing {
  const { temperature, topP } = SAMPLING;
  const engine = { sequences: SLOTS, contextSize: CONTEXT, threads, gpu: false } as const;
  const chat = new ChatLlama({ model: path, temperature, topP, maxTokens: tokens, ...engine });
  return async ({ prompt, seed }, onFirst) => {
    let output = 0;
    for await (const chunk of await chat.stream([new SystemMessage(SYSTEM), new HumanMessage(prompt)], { seed })) {
      if (chunk.text) onFirst();
      output += chunk.usage_metadata?.output_tokens ?? 0;
    }
    return output;
  };
}

async function plain({ path, threads, tokens }: Settings): Promise<Drawing> {
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ sequences: SLOTS, contextSize: CONTEXT, threads });
  const free = Array.from({ length: SLOTS }, () => context.getSequence());
  return async ({ prompt, seed }, onFirst) => {
    const contextSequence = free.shift()!;
    const session = new LlamaChatSession({ contextSequence, systemPrompt: SYSTEM });
    let output = 0;
    await session.prompt(prompt, {
      ...SAMPLING,
      seed,
      maxTokens: tokens,
      onToken(drawn) {
        onFirst();
        output += drawn.length;
      },
    });
    session.dispose({ disposeSequence: false });
    free.unshift(contextSequence);
    return output;
  };
}

const draw = way === "ours" ? ours(settings) : await plain(settings);
process.on("message", async (load: Load) => process.send!(await run(load, draw)));
process.send!("ready");
