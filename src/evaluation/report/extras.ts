import type { Calibration } from "../../state/calibration.js";
import type { Section } from "../summary/sections.js";

/** One setting of a grid that was replayed. */
export interface GridPoint {
  /** Says which setting, in a few words. */
  label: string;
  /** Input + 4 × output tokens of the large model, a problem; null where unknown. */
  cost: number | null;
  /** 0 … 1; null where nothing is counted. */
  accuracy: number | null;
  n: number;
}

/** What stopping early within a bound saved and cost, measured on recorded draws. */
export interface EarlyStopPoint {
  /** Largest chance, 0 … 1, that all draws would decide otherwise; 0 is the exact rule. */
  bound: number;
  /** Share of all planned draws that were not needed. */
  saved: number;
  /** Share of decisions that came out otherwise than by all draws. */
  flipped: number;
  /** Decisions. */
  n: number;
}

/** What a report shows beside the summary. */
export interface ReportExtras {
  /** @default the data set's name */
  title?: string;
  /** The command that makes the report again. */
  command?: string;
  /** Text of problems by id. Without it a report carries ids alone, so that it can be shared where the data cannot. */
  questions?: ReadonlyMap<string, string>;
  /** Draw charts, which takes the packages vega and vega-lite; without them the page has all tables. @default true */
  charts?: boolean;
  /** Settings that were replayed. */
  grid?: readonly GridPoint[];
  /** By stage. */
  earlyStop?: readonly { stage: string; points: readonly EarlyStopPoint[] }[];
  calibration?: Calibration;
  /** Tables of a judge of open answers: see `judgeSections`. */
  judged?: readonly Section[];
}
