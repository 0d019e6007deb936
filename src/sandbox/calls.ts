import type { Json } from "../state/json.js";
import type { Language, RunOptions } from "./types.js";

/** A function and what to call it with. */
export interface FunctionCalls extends RunOptions {
  language: Language;
  program: string;
  entryPoint: string;
  /** One list of arguments a call. */
  inputs: readonly (readonly Json[])[];
}

/** What a call returned, as plain data, or why it returned nothing. */
export interface CallEnd {
  output?: Json;
  error?: string;
}
