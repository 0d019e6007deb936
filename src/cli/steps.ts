import type { RunState, RunUpdate } from "../state/channels.js";
import type { Settings } from "../state/options.js";
import type { Failed } from "../state/failed.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Plan } from "../state/plan.js";
import type { Sample } from "../state/sample.js";
import type { Verdict } from "../state/verdict.js";
import { samplesOf } from "../nodes/carry.js";
import { note, styled, visible } from "./output.js";
import { createWaiting } from "./waiting-line.js";

/** Shows a run's steps as they happen. */
export interface Steps {
  /** Takes one chunk of the graph's `updates` stream. */
  show(chunk: Record<string, unknown>): void;
  /** Shows the steps that a thread already has, stage by stage. */
  replay(saved: Partial<Pick<RunState, "plans" | "samples" | "verdicts">>): void;
  /** Takes the moving line off the terminal. */
  end(): void;
}

const DECISIONS = { accept: "green", sample: "cyan", escalate: "yellow", last: "green", stopped: "red" } as const;

/** Live steps on stderr: one line each, with a moving line on a terminal while models work; nothing when `quiet`. */
export function createSteps({ trace, quiet, settings }: { trace: boolean; quiet: boolean; settings: Settings }): Steps {
  let stage = "";
  const waiting = quiet ? undefined : createWaiting();

  const heading = (name: string) => {
    if (name === stage) return;
    stage = name;
    const found = settings.stages.find((candidate) => candidate.name === name);
    if (!found) return;
    const { by, samples } = found.execute;
    note(
      `${styled("bold", name)}: ${samples === 1 ? "one sample" : `up to ${samples} samples`} of ${by} (${settings.models[by]})`,
    );
  };
  const thoughts = ({ thinking }: Pick<Sample, "thinking">) =>
    trace && thinking ? `\n${styled("dim", visible(thinking).trim().replace(/^/gm, "    ┆ "))}` : "";
  const lines: { [Key in "plans" | "samples" | "verdicts"]: (item: any) => string } = {
    plans: (plan: Plan) =>
      `  ${plan.kind} by ${plan.by}: ${plan.failed ? failure(plan.failed, trace) : visible(plan.text) || "(empty)"}${thoughts(plan)}`,
    samples: (sample: Sample) =>
      `  sample ${sample.index}: ${sampleLine(sample, trace)}${thoughts(sample)}${trace ? `\n${indent(visible(sample.text))}` : ""}`,
    verdicts: (verdict: Verdict) =>
      `  ${styled(DECISIONS[verdict.decision], verdict.decision)}: ${visible(verdict.why)}`,
  };

  const show: Steps["show"] = (chunk) => {
    if (quiet) return;
    waiting?.clear();
    for (const update of Object.values(chunk) as (RunUpdate | null)[]) {
      if (trace) for (const line of failedAttempts(update?.calls)) note(line);
      for (const key of ["plans", "samples", "verdicts"] as const) {
        const items = update?.[key];
        if (!Array.isArray(items)) continue;
        for (const item of items) {
          heading(item.stage);
          note(lines[key](item));
        }
      }
    }
  };

  return {
    show,
    replay({ plans = [], samples = [], verdicts = [] }) {
      for (const { name } of settings.stages) {
        const drawn = samplesOf(name, samples);
        let shown = 0;
        show({ plans: { plans: plans.filter((plan) => plan.stage === name) } });
        for (const verdict of verdicts.filter((one) => one.stage === name)) {
          show({ samples: { samples: drawn.slice(shown, verdict.drawn) }, verdict: { verdicts: [verdict] } });
          shown = verdict.drawn;
        }
        show({ samples: { samples: drawn.slice(shown) } });
      }
    },
    end: () => waiting?.end(),
  };
}

/** Attempts that failed: a sample that was answered at the second attempt shows nothing of the first. */
function failedAttempts(calls: unknown): string[] {
  const rows = Array.isArray(calls) ? (calls as LedgerEntry[]) : [];
  return rows
    .filter(({ status }) => status === "failed")
    .map(
      ({ call, attempt, error = "", reason = "" }) =>
        `  call ${call}, attempt ${attempt}: ${failure({ code: error, message: reason }, true)}`,
    );
}

/** Characters of a failure's reason on a line; a trace shows all of it. */
const LONGEST_REASON = 200;

/** A code alone does not tell what to mend: a server's own words do. */
function failure({ code, message }: Failed, trace: boolean): string {
  const words = visible(message).trim().replace(/\s+/g, " ");
  const reason = trace || words.length <= LONGEST_REASON ? words : `${words.slice(0, LONGEST_REASON)}…`;
  return styled("red", `failed, ${code}${reason === "" ? "" : `: ${reason}`}`);
}

function sampleLine({ value, readBy, sandbox, failed, text, thinking, finish }: Sample, trace: boolean): string {
  if (failed) return failure(failed, trace);
  if (value === undefined)
    return styled(
      "yellow",
      text === ""
        ? thinking === undefined
          ? "empty"
          : "only thought"
        : finish === "length"
          ? "unreadable, cut by its length limit"
          : "unreadable",
    );
  return `${typeof value === "string" ? visible(value) : JSON.stringify(value)} ${styled("dim", `(${readBy}${sandbox ? `, run in ${sandbox}` : ""})`)}`;
}

function indent(text: string): string {
  return text.trim().replace(/^/gm, "    │ ");
}
