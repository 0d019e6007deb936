import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../src/models/llama/catalog.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { withEngine } from "../../src/models/llama/engine.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const present = listModels().some((listed) => listed.name === model && listed.present);

afterAll(() => ChatLlama.dispose());

describe.runIf(needs(`the weights of ${model} (cope models pull ${model})`, present))("threads", () => {
  it("give way to other processes before the first token, in every engine", { timeout: 60_000 }, async () => {
    const busy = cpus().map(() => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
    try {
      for (const contextSize of [256, 512]) {
        const chat = new ChatLlama({ model, contextSize, sequences: 1, maxTokens: 1 });
        await chat.countPromptTokens([]);
        await wait(700);
        await chat.invoke("Hi");
        expect(
          await withEngine(
            weightsPath(catalogEntry(model)),
            { contextSize, sequences: 1 },
            async ({ llama }) => llama.maxThreads,
          ),
        ).toBe(1);
      }
    } finally {
      for (const process of busy) process.kill("SIGKILL");
    }
  });
});
