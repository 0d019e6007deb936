import { CopeError } from "../../errors.js";
import { runVote } from "../../scorers/run-vote.js";
import { seriesOf } from "../series.js";
import type { View } from "../view.js";
import { acceptOrLarge, LARGE } from "./to-large.js";
import type { Method, Step } from "./types.js";

/** Which models agree, and when that is enough. */
export interface AbcOptions {
  /** Roles of different cheap models, at least two. */
  roles: readonly string[];
  /** Share of them that must give the leading answer. @default 1 */
  threshold?: number;
}

/**
 * Agreement-based cascade (arXiv 2407.02348): different cheap models answer once each, zero-shot; where they agree that
 * is the answer, else the large model answers.
 *
 * @throws CopeError `OPTIONS_INVALID` with fewer than two roles
 */
export function createAbc({ roles, threshold = 1 }: AbcOptions): Method {
  if (new Set(roles).size < 2) {
    const remedy =
      "name two or more models beside the large one, for example --model second=llama:smollm2-135m-instruct.";
    throw new CopeError("OPTIONS_INVALID", "abc needs at least two different cheap models.", remedy);
  }
  const members = roles.map((by) =>
    seriesOf({ name: `abc-${by.toLowerCase()}`, execute: { by, samples: 1, temperature: 0 } }),
  );
  const decide = (view: View): Step => {
    const found = members.map((series) => view.find(series, {}, 0));
    const wanted = members.filter((_, i) => !found[i]).map((series) => ({ series, given: {}, index: 0 }));
    if (wanted.length > 0) return { wanted };
    const draws = found.map((draw) => draw!);
    const labels = view.labels(draws);
    const run = runVote(labels, { threshold, policy: "all" });
    const leader = run.leader === undefined ? undefined : draws[run.leader];
    const accept = run.decision === "accept";
    return acceptOrLarge(view, { name: "agreement", leader, confidence: run.low, accept, waves: [draws] });
  };
  return { name: "abc", about: `agreement of ${roles.join(", ")}`, series: [...members, LARGE], decide };
}
