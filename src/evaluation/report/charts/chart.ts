import type { Section } from "../../summary/sections.js";
import type { Spec } from "../vega.js";

/** A figure of the report: a chart, or several beside each other, and the data beneath. */
export interface Chart {
  id: string;
  title: string;
  /** What it shows, in a sentence, for those who do not see it. */
  alt: string;
  /** How to read it. */
  note: string;
  /** Each drawn for itself; `wide` is drawn in its place where there is room. */
  panels: readonly { spec: Spec; wide?: Spec }[];
  /** What colours mean, beneath the chart, where it can wrap. */
  legend?: readonly { label: string; colour: string }[];
  data: Pick<Section, "head" | "rows">;
}

/** Where the page shows a method's problems, all or those that a stage ended. */
export function placeOf(method: string, more: Readonly<Record<string, string>> = {}): string {
  return `#${new URLSearchParams({ method, ...more })}`;
}

/** Width of a chart on a phone, and of one across the page, with its axes. */
export const NARROW = 344;
export const WIDE = 720;

/** A view that fits its axes into a given width. */
export const sized = (width: number, height: number) => ({
  width,
  height,
  autosize: { type: "fit", contains: "padding" },
});

/** A number of a data table, with as many digits as a reader may want. */
export const exact = (value: number | null): string => (value === null ? "–" : String(Number(value.toPrecision(4))));
