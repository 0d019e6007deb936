import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AIMessage, HumanMessage, SystemMessage, type AIMessageChunk } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../src/models/llama/catalog.js";
import { ChatLlama, type ChatLlamaCallOptions } from "../../src/models/llama/chat.js";
import { listModels } from "../../src/models/llama/library.js";
import { chatModelContract } from "../../src/testing/index.js";
import { needs } from "../support/needs.js";
import { withTemplate } from "../support/thinking-weights.js";

const model = "smollm2-135m-instruct";
const present = listModels().some((listed) => listed.name === model && listed.present);

/** A template that opens the block in the prompt, as those of DeepSeek-R1 and of the thinking Qwen3 do. */
const BEGUN = `{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% endif %}`;

/** Answers that show the model how it thinks: so small a model goes on as before. */
const examples = [
  ["Is grass green?", "Grass has the colour green.", "yes"],
  ["Is coal white?", "Coal has the colour black.", "no"],
  ["Is milk white?", "Milk has the colour white.", "yes"],
].flatMap(([question, thought, answer]) => [
  new HumanMessage(question!),
  new AIMessage(`<think>\n${thought}\n</think>\n${answer}`),
]);
const question = [new SystemMessage("Think, then answer."), ...examples, new HumanMessage("Is snow white?")];

async function streamed(chat: ChatLlama, messages: typeof question, options: Partial<ChatLlamaCallOptions> = {}) {
  const pieces: string[] = [];
  let whole: AIMessageChunk | undefined;
  for await (const chunk of await chat.stream(messages, options)) {
    pieces.push(chunk.text);
    whole = whole ? concat(whole, chunk) : chunk;
  }
  return { told: pieces.join(""), whole: whole! };
}

afterAll(() => ChatLlama.dispose());

const weights = `the weights of ${model} (cope models pull ${model})`;
describe.runIf(needs(weights, present))("an embedded model that thinks", { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "cope-thinker-"));
  const file = join(folder, "thinker.gguf");
  beforeAll(() => withTemplate(weightsPath(catalogEntry(model)), file, BEGUN));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const thinker = () => new ChatLlama({ model: file, maxTokens: 64, sequences: 2 });
  const yesOrNo = 'root ::= "yes" | "no"';

  it("is known by its template, and its thinking goes apart, invoked and streamed", async () => {
    expect(thinker().thinks).toEqual({});
    const { told, whole } = await streamed(thinker(), question);
    expect(told).not.toMatch(/think|snow/i);
    expect(told).toBe(whole.text);
    expect(whole.text.trim()).not.toBe("");
    const invoked = await thinker().invoke(question);
    expect(invoked.text).toBe(whole.text);
    expect(invoked.additional_kwargs).toEqual({ reasoning_content: expect.stringMatching(/snow/i) });
    expect(whole.additional_kwargs).toEqual(invoked.additional_kwargs);
    expect(invoked.usage_metadata!.input_tokens).toBe(await thinker().countPromptTokens(question));
  });

  it("thinks freely under a grammar, which holds what is said", async () => {
    const { told, whole } = await streamed(thinker(), question, { grammar: yesOrNo });
    expect(told).toMatch(/^(yes|no)$/);
    expect(whole.additional_kwargs).toEqual({ reasoning_content: expect.stringMatching(/snow/i) });
    expect(whole.response_metadata).toMatchObject({ finish_reason: "stop" });
  });

  it("thinks freely under a schema, which holds what is said", async () => {
    const jsonSchema = { type: "object", properties: { white: { type: "boolean" } } };
    const { text, additional_kwargs } = await thinker().invoke(question, { jsonSchema });
    expect(JSON.parse(text)).toEqual({ white: expect.any(Boolean) });
    expect(additional_kwargs).toEqual({ reasoning_content: expect.stringMatching(/snow/i) });
  });

  it("is ended by a stop string in what it says, not by one in its thinking", async () => {
    const free = await thinker().invoke(question);
    const thought = String(free.additional_kwargs["reasoning_content"]);
    expect((await thinker().invoke(question, { stop: [thought.slice(2, 5)] })).text).toBe(free.text);
    expect((await thinker().invoke(question, { stop: [free.text.slice(1)] })).text).toBe(free.text.slice(0, 1));
  });

  it("goes on behind a block that is closed, held from its next token", async () => {
    const begun = [...question, new AIMessage("<think>\nSnow has the colour white.\n</think>\n")];
    for (const stop of [undefined, ["\n"]]) {
      const { told, whole } = await streamed(thinker(), begun, {
        grammar: yesOrNo,
        maxTokens: 1,
        ...(stop && { stop }),
      });
      expect(told).toMatch(/^(yes|no)$/);
      expect(whole.additional_kwargs).toEqual({});
    }
  });

  it("goes on inside a block that is open: what follows is thought", async () => {
    const begun = [...question, new AIMessage("<think>\nSnow has the")];
    const { text, additional_kwargs } = await thinker().invoke(begun, { grammar: yesOrNo });
    expect(text).toMatch(/^(yes|no)$/);
    expect(additional_kwargs).toEqual({ reasoning_content: expect.stringMatching(/colou?r/) });
  });

  it("gives a text the same score as without a template that opens a block", async () => {
    const messages = [new SystemMessage("Answer."), new HumanMessage("Is snow white?")];
    const scored = await thinker().score("yes", { messages });
    const plain = await new ChatLlama({ model, sequences: 2 }).score("yes", { messages });
    expect(scored.logprob).toBeCloseTo(plain.logprob, 4);
  });

  it("writes a block that a grammar has it write, whatever its template says, and it goes apart", async () => {
    const grammar = 'root ::= "<think>\\n" [a-z ]{5,40} "\\n</think>\\n" ("yes" | "no")';
    const { told, whole } = await streamed(new ChatLlama({ model, maxTokens: 64 }), question, { grammar });
    expect(told).toMatch(/^(yes|no)$/);
    expect(whole.additional_kwargs).toEqual({ reasoning_content: expect.stringMatching(/^[a-z ]{1,40}$/) });
  });

  it("keeps what the contract of a role's model says of thinking", async () => {
    const cases = new Map<string, () => Promise<void>>();
    const take = (title: string, body: () => Promise<void>) => void cases.set(title, body);
    const collect = { describe: (_: string, body: () => void) => body(), it: Object.assign(take, { skip: () => {} }) };
    chatModelContract("ChatLlama", thinker, { runner: collect });
    const apart = cases.get("keeps what it thinks apart from its text, whole and streamed")!;
    await expect(apart()).resolves.toBeUndefined();
  });
});
