import { z } from "zod";

/** What ended a run early: a limit, or a person who was asked. */
export const Stop = z.enum(["budget", "timeout", "rejected"]);
export type Stop = z.infer<typeof Stop>;
