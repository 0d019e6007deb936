import { CopeError } from "../../errors.js";
import type { Recorded } from "../recorded.js";
import { givenKey } from "../series.js";
import type { Ended } from "./nearest.js";

/** What a recording lacks for a setting or a method. */
export interface Lack {
  /** Problems that lack something. */
  lacking: number;
  /** Problems before the first of these. */
  before: number;
  /** The first thing that is missing. */
  missing: string;
  /** Samples of a stage that the recording holds, at the most. */
  held: number;
}

/** What is missing for these ends, one a problem; undefined where nothing is. */
export function lackOf(problems: Recorded["problems"], ends: readonly Ended[]): Lack | undefined {
  const before = ends.findIndex((end) => "missing" in end);
  const first = ends[before];
  if (!first || !("missing" in first)) return undefined;
  const { series, given, index } = first.missing;
  const shown = givenKey(given);
  const missing = `problem ${problems[before]!.id}: sample ${index} of ${series.id}${shown ? ` (${shown})` : ""}`;
  const lacking = ends.flatMap((end) => ("missing" in end ? [end.missing] : []));
  return { lacking: lacking.length, before, missing, held: Math.max(...lacking.map((wanted) => wanted.index)) };
}

/** The error for a recording that does not suffice, with the ways to go on. */
export function notRecorded(
  lacks: readonly Lack[],
  { approximate, methods = "cope" }: { approximate: boolean; methods?: string },
): CopeError {
  const { missing, lacking } = lacks[0]!;
  const shownMore = lacks.some((lack) => lack.missing.endsWith(")"));
  const before = Math.max(...lacks.map((lack) => lack.before));
  const samples = Math.max(...lacks.map((lack) => lack.held));
  const ways = [
    ...(samples > 0 ? [`read as many samples as it holds (--samples ${samples})`] : []),
    `record the rest (cope eval --methods ${methods} --all-draws on the same data, with the same options${samples > 0 ? " but --samples" : ""})`,
    ...(before > 0 ? [`read the first ${before} problems alone (--limit ${before})`] : []),
    // More samples of what was recorded are nowhere to be taken from.
    ...(approximate || !shownMore ? [] : ["take what is nearest (--approximate)"]),
  ];
  const of = lacking === 1 ? "one problem" : `${lacking} problems`;
  const reason = `the recording lacks what this needs of ${of}; the first is ${missing}.`;
  return new CopeError("NOT_RECORDED", reason, `${ways.join(", or ")}.`);
}
