import { z } from "zod";

/** Which limit ended a run early. */
export const Stop = z.enum(["budget", "timeout"]);
export type Stop = z.infer<typeof Stop>;
