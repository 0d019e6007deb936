import { z } from "zod";
import type { Json } from "./json.js";

/** A JSON object, such as a schema or a call's arguments. */
export type JsonObject = { readonly [key: string]: Json };

const JsonObject = z.record(z.string(), z.any() as z.ZodType<Json>) as z.ZodType<JsonObject>;

/** One call of a tool. The id ties it to its result, and is unique in its conversation. */
export const ToolCall = z.object({ id: z.string(), name: z.string(), args: JsonObject });
export type ToolCall = z.infer<typeof ToolCall>;

/** A tool as a model is told of it. */
export const ToolSpec = z.object({
  name: z.string().min(1),
  description: z.string().optional(),
  /** JSON schema of its arguments, an object. */
  schema: JsonObject,
  /**
   * What the tool itself takes, where that is more: calls are held against it. Objects in it drop fields that they do not name,
   * unless `additionalProperties` says otherwise. Models are never shown it.
   */
  accepts: JsonObject.optional(),
});
export type ToolSpec = z.infer<typeof ToolSpec>;
