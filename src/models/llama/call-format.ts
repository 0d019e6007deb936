import { CopeError } from "../../errors.js";
import type { Engine } from "./engine.js";

/** How a model writes a call: what stands before, between and after name and arguments. */
export interface CallFormat {
  opening: string;
  middle: string;
  closing: string;
}

/**
 * How the file's own chat template writes tool calls.
 *
 * @throws CopeError `ABILITY_MISSING` where it has no place for tools: a format of ours would be one that the model was
 *   never trained on.
 */
export function callFormat({ template }: Pick<Engine, "template">, model: string): CallFormat {
  if (!template.usingJinjaFunctionCallTemplate) {
    throw new CopeError(
      "ABILITY_MISSING",
      `the chat template of ${model} has no place for tools.`,
      "use a model that was trained to call tools (qwen2.5-coder-1.5b-instruct is one), or withStructuredOutput.",
    );
  }
  const { prefix, paramsPrefix, suffix } = template.settings.functions.call;
  return { opening: plainText(prefix), middle: plainText(paramsPrefix), closing: plainText(suffix) };
}

/** What to put in front of the answer so that a call is what follows. */
export function forcedOpening(format: CallFormat): string {
  return envelope(format).before;
}

/** Where calls are JSON objects (`{"name": …, "arguments": …}`), what stands before the object. */
export function envelope({ opening }: CallFormat): { before: string; isJson: boolean } {
  const brace = opening.indexOf("{");
  return brace > 0 ? { before: opening.slice(0, brace), isJson: true } : { before: opening, isJson: false };
}

const plainText = (text: unknown): string =>
  typeof text === "string"
    ? text
    : Array.isArray(text)
      ? text.map(plainText).join("")
      : text !== null && typeof text === "object" && "values" in text
        ? plainText((text as { values: unknown }).values)
        : text !== null && typeof text === "object" && "value" in text
          ? plainText((text as { value: unknown }).value)
          : "";
