import { z } from "zod";
import type { Json } from "./json.js";

/** Two values of which nobody could tell whether they are the same answer: comparing them took too long. */
export const UnknownPair = z.tuple([z.any() as z.ZodType<Json>, z.any() as z.ZodType<Json>]);
export type UnknownPair = z.infer<typeof UnknownPair>;
