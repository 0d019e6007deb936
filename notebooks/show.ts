import { instance, type Viz } from "@viz-js/viz";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

/** What the kernel lets a cell say while it runs. */
interface Kernel {
  broadcast(message: string, content: Record<string, unknown>): Promise<void>;
}

/** The kernel (2.9) may say that a cell has ended before what it showed is out, and who executes it unseen stops listening then. */
const UNDERWAY_MS = 60;

/** Shows data by MIME type. */
async function show(data: Record<string, string>): Promise<void> {
  const { jupyter } = (globalThis as unknown as { Deno: { jupyter: Kernel } }).Deno;
  await jupyter.broadcast("display_data", { data, metadata: {}, transient: {} });
  await new Promise((resolve) => setTimeout(resolve, UNDERWAY_MS));
}

/** Shows a text with markdown in it. */
export const markdown = (text: string): Promise<void> => show({ "text/markdown": text });

/** Shows a text as it is. */
export const plain = (text: string): Promise<void> => show({ "text/plain": text });

/** Shows a table with a row for each object, and its keys as the head. */
export function table(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const head = Object.keys(rows[0] ?? {});
  const numeric = head.map((key) => rows.every((row) => typeof row[key] !== "string"));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(head.map((key) => cell(row[key]))));
  return markdown([line(head), line(numeric.map((right) => (right ? "--:" : ":--"))), ...body].join("\n"));
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(4)));
  return String(value).replaceAll(/\s+/g, " ").replaceAll("\\", "&#92;").replaceAll("|", "\\|").replaceAll("$", "\\$");
}

/** The end of a text, on one line. */
export function tail(text: string, length = 60): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= length ? line : `…${line.slice(1 - length).trimStart()}`;
}

/** Draws a chart: see https://vega.github.io/vega-lite for what a specification may say. */
export async function chart(spec: Readonly<Record<string, unknown>>): Promise<void> {
  const config = { background: "white", font: FONT, axis: { titleFontWeight: "normal" }, view: { stroke: null } };
  const { spec: compiled } = compile({ padding: 8, ...spec, config } as unknown as TopLevelSpec);
  const view = new View(parse(compiled), { renderer: "none" });
  await show({ "image/svg+xml": await view.toSVG() });
}

const FONT = "Helvetica, Arial, sans-serif";

/** A graph of LangGraph's, as far as it is drawn. */
interface Drawable {
  nodes: Record<string, unknown>;
  edges: readonly { source: string; target: string; data?: string; conditional?: boolean }[];
}

/**
 * Draws a compiled cascade, a column for each stage.
 *
 * @param passed - what ran, in order, a node as often as it ran; it is coloured. Default nothing.
 */
export async function drawGraph(
  cope: { getGraphAsync(): Promise<unknown> },
  passed: readonly string[] = [],
): Promise<void> {
  const { nodes, edges } = (await cope.getGraphAsync()) as Drawable;
  const times = Map.groupBy(["__start__", ...passed, ...(passed.length > 0 ? ["__end__"] : [])], (node) => node);
  const ids = Object.keys(nodes);
  const columns = Map.groupBy(ids, (id) => id.replace(/_(plan|execute|check)$/, ""));
  const lines = [
    'digraph { rankdir=LR; nodesep=0.3; ranksep=0.45; size="8.6,6"; bgcolor=white',
    `node [shape=box style="rounded,filled" fontname="${FONT}" fontsize=12 margin="0.2,0.08" color="#c9ced6" fillcolor="#f4f6f8"]`,
    `edge [fontname="${FONT}" fontsize=10 color="#8a94a3" fontcolor="#5b6470" arrowsize=0.6]`,
    ...ids.map((id) => {
      const count = times.get(id)?.length ?? 0;
      const label = id.replaceAll("__", "") + (count > 1 ? `\\n× ${count}` : "");
      const colour = passed.length > 0 && count > 0 ? ' color="#2f6fde" fillcolor="#dbe8ff"' : "";
      return `"${id}" [label="${label}"${colour}]`;
    }),
    ...Array.from(columns.values(), (column) => `{ rank=same; ${column.map((id) => `"${id}"`).join("; ")} }`),
    ...edges.map(({ source, target, data, conditional }) => {
      // What leads back must not turn a column around.
      const label = (data ? ` label=" ${data} "` : "") + (data === "sample" ? " constraint=false" : "");
      return `"${source}" -> "${target}" [style=${conditional ? "dashed" : "solid"}${label}]`;
    }),
    "}",
  ];
  viz ??= await instance();
  await show({ "image/svg+xml": viz.renderString(lines.join("\n"), { format: "svg" }) });
}

let viz: Viz | undefined;
