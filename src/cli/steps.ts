import type { RunUpdate } from "../state/channels.js";
import type { Settings } from "../state/options.js";
import type { Plan } from "../state/plan.js";
import type { Sample } from "../state/sample.js";
import type { Verdict } from "../state/verdict.js";
import { note, styled } from "./output.js";

/** Shows a run's steps as they happen. */
export interface Steps {
  /** Takes one chunk of the graph's `updates` stream. */
  show(chunk: Record<string, unknown>): void;
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
  const lines: { [Key in "plans" | "samples" | "verdicts"]: (item: any) => string } = {
    plans: (plan: Plan) =>
      `  ${plan.kind} by ${plan.by}: ${plan.failed ? `failed, ${plan.failed.code}` : plan.text || "(empty)"}`,
    samples: (sample: Sample) =>
      `  sample ${sample.index}: ${sampleLine(sample)}${trace ? `\n${indent(sample.text)}` : ""}`,
    verdicts: (verdict: Verdict) => `  ${styled(DECISIONS[verdict.decision], verdict.decision)}: ${verdict.why}`,
  };

  return {
    show(chunk) {
      if (quiet) return;
      waiting?.clear();
      for (const update of Object.values(chunk) as (RunUpdate | null)[]) {
        for (const key of ["plans", "samples", "verdicts"] as const) {
          const items = update?.[key];
          if (!Array.isArray(items)) continue;
          for (const item of items) {
            heading(item.stage);
            note(lines[key](item));
          }
        }
      }
    },
    end: () => waiting?.end(),
  };
}

function sampleLine({ value, readBy, failed, text, finish }: Sample): string {
  if (failed) return styled("red", `failed, ${failed.code}`);
  if (value === undefined)
    return styled(
      "yellow",
      text === "" ? "empty" : finish === "length" ? "unreadable, cut by its length limit" : "unreadable",
    );
  return `${typeof value === "string" ? value : JSON.stringify(value)} ${styled("dim", `(${readBy})`)}`;
}

function indent(text: string): string {
  return text.trim().replace(/^/gm, "    │ ");
}

const erase = () => void process.stderr.write("\r\x1b[K");

/** On a terminal, a line with the seconds since the last step; local models may think for long. */
function createWaiting() {
  if (!process.stderr.isTTY) return { clear() {}, end() {} };
  let since = Date.now();
  const timer = setInterval(() => {
    erase();
    process.stderr.write(styled("dim", `  … ${Math.round((Date.now() - since) / 1000)} s`));
  }, 1000);
  timer.unref();
  return {
    clear() {
      since = Date.now();
      erase();
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}
