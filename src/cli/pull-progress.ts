import type { PullProgress } from "../models/llama/pull.js";

const FROM = { mirror: "a mirror", hub: "the model hub", wheels: "wheels" } as const;
/** Milliseconds between two drawings of the line. */
const DRAW_MS = 100;

/** Shows how far a pull is. */
export interface ProgressView {
  show(progress: PullProgress): void;
  /** A line of its own, between drawings. */
  note(line: string): void;
  /** Leaves the last state on its line. Call it also after a failure. */
  end(): void;
}

/** What a view draws on. */
export type Screen = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;

/**
 * On a terminal one line that is drawn anew, as wide as the window lets it be; in a pipe a plain line for every tenth
 * part at most.
 *
 * @param now - milliseconds of a clock, for speed and time left.
 */
export function progressView(name: string, screen: Screen, now = (): number => performance.now()): ProgressView {
  const live = Boolean(screen.isTTY) && process.env["TERM"] !== "dumb";
  let first: { at: number; bytes: number; source: string } | undefined;
  let drawn: { line: string; at: number } | undefined;
  let tenth = -1;
  const clear = () => live && drawn && screen.write("\r\x1b[K");
  return {
    show({ source, bytes, total }) {
      // What an earlier pull brought says nothing about today's speed.
      if (first?.source !== source || bytes < first.bytes) first = { at: now(), bytes, source };
      const percent = total > 0 ? Math.floor((100 * bytes) / total) : undefined;
      const of = total > 0 ? `${megabytes(bytes)} of ${megabytes(total)} MB` : `${megabytes(bytes)} MB`;
      if (!live) {
        const step = Math.floor((percent ?? 0) / 10);
        if (step <= tenth) return;
        tenth = step;
        screen.write(`${name}: ${of}${percent === undefined ? "" : ` (${percent} %)`} from ${FROM[source]}\n`);
        return;
      }
      if (drawn && now() - drawn.at < DRAW_MS && bytes !== total) return;
      const rate = (1000 * (bytes - first.bytes)) / (now() - first.at);
      const moving = Number.isFinite(rate) && rate > 0;
      const pieces = [
        percent === undefined ? "" : `${String(percent).padStart(3)} %`,
        of,
        moving ? `${(rate / 1e6).toFixed(1)} MB/s` : "",
        moving && total > bytes ? `${clock((total - bytes) / rate)} left` : "",
        `from ${FROM[source]}`,
      ];
      const line = fitted(name, pieces, (screen.columns || 80) - 1);
      screen.write(`\r${line}\x1b[K`);
      drawn = { line, at: now() };
    },
    note(line) {
      clear();
      screen.write(`${line}\n`);
      if (live && drawn) screen.write(drawn.line);
    },
    end() {
      if (live && drawn) screen.write("\n");
      drawn = undefined;
    },
  };
}

/** The name and as many pieces as fit; a name that does not fit beside the first piece is cut. */
function fitted(name: string, pieces: readonly string[], width: number): string {
  const [head = "", ...rest] = pieces.filter((piece) => piece !== "");
  const room = Math.max(0, width - head.length - 2);
  let line = name.length > room ? head.slice(0, width) : `${name}: ${head}`;
  if (name.length > room && room >= 8) line = `${name.slice(0, room - 1)}…: ${head}`;
  for (const piece of rest) {
    if (line.length + 2 + piece.length > width) break;
    line += `, ${piece}`;
  }
  return line;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));
