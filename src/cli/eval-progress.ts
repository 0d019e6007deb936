import { FIRST, type Progress } from "../evaluation/evaluation.js";
import { dollars, note, styled, visible } from "./output.js";

/** Milliseconds between two plain lines. */
const LINE_MS = 10_000;
/** Without a word for so long, a plain line says that the work goes on. */
const QUIET_MS = 30_000;

const erase = () => void process.stderr.write("\r\x1b[K");

/** Shows how far an evaluation is. */
export interface EvalView {
  show(progress: Progress): void;
  end(): void;
}

/** After the first problems a projection; then one line that is rewritten on a terminal, plain lines now and then in a pipe. */
export function evalView({ minutes }: { minutes?: number } = {}): EvalView {
  const live = Boolean(process.stderr.isTTY) && process.env["TERM"] !== "dumb";
  const began = performance.now();
  let projected = false;
  let line = "";
  let told = 0;
  const draw = () => {
    erase();
    const passed = ` … ${clock(performance.now() - began)}`;
    process.stderr.write(
      styled("dim", (line || "the first problems").slice(0, (process.stderr.columns || 80) - 12) + passed),
    );
  };
  // The first problems of a slow model take minutes, and a pipe would show nothing of them.
  const beat = () => {
    if (performance.now() - Math.max(told, began) < QUIET_MS) return;
    told = performance.now();
    note(`${line || "the first problems are being solved"} … ${clock(told - began)}`);
  };
  const timer = setInterval(live ? draw : beat, 1000).unref();
  return {
    show(progress) {
      const { done, total, fresh } = progress;
      if (!projected && fresh.problems >= FIRST && done < total) {
        projected = true;
        if (live) erase();
        note(projection(progress, minutes));
        told = performance.now();
      }
      line = visible(lineOf(progress));
      if (live) return draw();
      if (done < total && performance.now() - told < LINE_MS) return;
      told = performance.now();
      note(line);
    },
    end() {
      clearInterval(timer);
      if (live) erase();
    },
  };
}

/** What the rest will take, by the problems so far. */
export function projection({ done, total, fresh, spent }: Progress, minutes?: number): string {
  const rest = total - done;
  const ms = (fresh.ms / fresh.problems) * rest;
  const cost =
    spent.usd === null
      ? "at an unknown price"
      : spent.usd === 0
        ? undefined
        : dollars((spent.usd / fresh.problems) * rest);
  const calls = Math.round((spent.calls / fresh.problems) * rest);
  const over = minutes !== undefined && ms > minutes * 60_000 ? ` of which ${minutes} minutes are allowed` : "";
  return `After ${done} problems: the other ${rest} will take about ${lasting(ms)}${over}, ${calls} calls${cost ? `, ${cost}` : ""}.`;
}

function lineOf({ done, total, fresh, spent, outcomes }: Progress): string {
  const left =
    fresh.problems > 0 && done < total ? `, ${lasting((fresh.ms / fresh.problems) * (total - done))} left` : "";
  const scores = [...outcomes].flatMap(([name, ended]) => {
    if (ended.length === 0) return [];
    const graded = ended.filter(({ right }) => right !== null);
    return graded.length > 0 ? `${name} ${graded.filter(({ right }) => right).length} of ${graded.length} right` : name;
  });
  const bill = spent.usd ? `, ${dollars(spent.usd)}` : "";
  return `${done} of ${total} problems${left}${bill}: ${scores.join(", ")}`;
}

/** A time as people say it. */
function lasting(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1.5) return `${Math.max(1, Math.round(ms / 1000))} s`;
  return minutes < 100 ? `${Math.round(minutes)} minutes` : `${(minutes / 60).toFixed(1)} hours`;
}

function clock(ms: number): string {
  const whole = Math.floor(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
