import { afterAll, describe } from "vitest";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { listModels } from "../../src/models/llama/library.js";
import { chatModelContract, type StandardFields } from "../models/llama/chat-model-contract.js";
import { needs } from "../support/needs.js";

afterAll(() => ChatLlama.dispose());

const noTools = "its chat template has no place for tools";
/** What a model cannot do for reasons of its own, and why. */
const SKIPPED: Record<string, Record<string, string>> = {
  "smollm2-135m-instruct": Object.fromEntries(
    [
      "calls a tool with arguments of its schema",
      "streams a call of a tool in chunks that join to it",
      "calls a tool without arguments",
      "calls a tool that is a runnable",
      "calls a tool given in OpenAI's form",
      "calls a tool given by name and schema alone",
      "calls a tool with fields that may hold anything",
      "calls the tool that is named, of several",
      "answers, or calls a tool by its schema, where it may choose",
      "reads examples of calls before the question",
      "reads its own call back, invoked and streamed",
      "writes text of any script into arguments",
      "runs in an agent's loop until it answers",
      "answers in the form of a schema by way of a tool",
    ].map((title) => [title, noTools]),
  ),
  "qwen2.5-coder-0.5b-instruct": {
    // Its larger sister does, in agents.test.ts.
    "runs in an agent's loop until it answers": "it goes on calling for ever, whatever comes back",
  },
};

const models = ["smollm2-135m-instruct", "qwen2.5-coder-0.5b-instruct"].filter((model) =>
  needs(
    `the weights of ${model} (cope models pull ${model})`,
    listModels().some(({ name, present }) => name === model && present),
  ),
);

describe.each(models)("%s", (model) => {
  const subject = {
    lcName: "ChatLlama",
    toolTokens: 64,
    create: (fields?: StandardFields) => new ChatLlama({ model, temperature: 0, maxTokens: 16, ...fields }),
  };
  chatModelContract(model, subject, SKIPPED[model]);
});
