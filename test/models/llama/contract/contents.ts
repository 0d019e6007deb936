import { AIMessage, HumanMessage, SystemMessage, type BaseMessageLike } from "@langchain/core/messages";
import { expect } from "vitest";
import type { Point, Subject } from "../chat-model-contract.js";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChAGAZ7eYtwAAAABJRU5ErkJggg==";

/** A part that a text model cannot read must be refused by its kind, never dropped in silence. */
const refuses = (kind: RegExp, ...parts: object[]): Point =>
  async function refused({ create }) {
    for (const part of parts) {
      const message = new HumanMessage({ content: [{ type: "text", text: "What is this?" }, part] as never });
      const error = await create({ maxTokens: 3 })
        .invoke([message])
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "REQUEST_REJECTED", message: expect.stringMatching(kind) });
    }
  };

const inputTokens = async ({ create }: Subject, messages: BaseMessageLike[]) =>
  (await create({ maxTokens: 1 }).invoke(messages)).usage_metadata?.input_tokens;

/** What messages may hold. */
export const contents: Record<string, Point> = {
  "takes text in blocks as it takes text, in every role": async (subject) => {
    const block = (text: string) => [{ type: "text" as const, text }];
    const plain = [
      new SystemMessage("Be terse."),
      new HumanMessage("hi"),
      new AIMessage("hello"),
      new HumanMessage("go"),
    ];
    const blocks = [
      new SystemMessage({ content: block("Be terse.") }),
      new HumanMessage({ contentBlocks: block("hi") }),
      new AIMessage({ content: block("hello") }),
      new HumanMessage({ content: [...block("g"), ...block("o")] }),
    ];
    expect(await inputTokens(subject, blocks)).toBe(await inputTokens(subject, plain));
  },
  "gives its answer as standard content blocks too": async ({ create }) => {
    const answer = await create().invoke("Tell a story.");
    expect(answer.contentBlocks).toEqual([expect.objectContaining({ type: "text", text: answer.text })]);
  },
  "refuses images by name": refuses(
    /image/,
    { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
    { type: "image", source_type: "base64", mime_type: "image/png", data: PIXEL },
    { type: "image", mimeType: "image/png", data: PIXEL },
  ),
  "refuses sound by name": refuses(
    /audio/,
    { type: "audio", source_type: "base64", mime_type: "audio/wav", data: "UklGRg==" },
    { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
  ),
  "refuses files by name": refuses(
    /file/,
    { type: "file", source_type: "base64", mime_type: "application/pdf", data: "JVBERi0=" },
    { type: "file", mimeType: "application/pdf", data: "JVBERi0=" },
  ),
  "takes text of any script, and empty text": async ({ create }) => {
    const model = create({ maxTokens: 4 });
    for (const text of ['數學 😀 é\u0301 \u0000 "\\', "", " \n"]) {
      expect((await model.invoke([new HumanMessage(text)])).usage_metadata?.output_tokens).toBeGreaterThanOrEqual(0);
    }
  },
};
