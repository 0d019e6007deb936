import type { ScorerComparison } from "./compare.js";
import type { Interval } from "../numbers/interval.js";

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
const within = ([low, high]: Interval, digits: number, scale: number): string =>
  `(${(scale * low).toFixed(digits)}–${(scale * high).toFixed(digits)})`;

/** What a vote lacks it mostly lacks since it was settled early. */
const UNFAIR =
  "Problems without all samples were mostly settled early, so those compared on are harder than your data: cope eval --all-draws records all.";

const OPEN = "these count equal answers, and open texts are never equal";

/** The comparison as a terminal and markdown show it. */
export function scorerTable({ stage, samples, problems, left, atAccuracy, base, rows }: ScorerComparison): string {
  const at = `coverage at ${Math.round(100 * atAccuracy)} %`;
  const head = ["confidence", "AUROC", "ECE", "threshold", "accepts", "right among them", at, "draws"];
  const body = rows.flatMap(({ name, control, figures }) => {
    if (!figures) return [];
    const { auroc, aurocInterval, ece, threshold, asBase, accepted, acceptRate } = figures;
    return [
      [
        control ? `${name} (control)` : name,
        auroc === null ? "–" : `${auroc.toFixed(3)} ${aurocInterval ? within(aurocInterval, 2, 1) : ""}`.trim(),
        ece === null ? "" : ece.toFixed(3),
        asBase ? `as ${base}` : String(threshold),
        percent(acceptRate),
        accepted === 0 ? "–" : `${percent(figures.acceptedAccuracy)} ${within(figures.acceptedInterval, 0, 100)}`,
        percent(figures.coverage),
        figures.draws.toFixed(1),
      ],
    ];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const { lacking, failed, ungraded, unknown } = left;
  const out = [
    lacking > 0 && `${lacking} without all samples`,
    failed > 0 && `${failed} in which every call failed`,
    ungraded > 0 && `${ungraded} without grades`,
    unknown > 0 && `${unknown} with grades that nobody could tell`,
  ].filter(Boolean);
  const missing = rows.flatMap(({ name, notRecorded }) =>
    notRecorded ? [`not recorded: ${name}, which in ${notRecorded.problems} problems lacks ${notRecorded.reads}`] : [],
  );
  const senseless = rows.filter(({ notApplicable }) => notApplicable).map(({ name }) => name);
  return [
    `stage ${stage}, ${samples} samples, ${problems} problems${out.length > 0 ? `; left out: ${out.join(", ")}` : ""}`,
    "",
    line(head),
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`,
    ...body.map(line),
    ...(missing.length > 0 ? ["", ...missing] : []),
    ...(senseless.length > 0 ? ["", `not applicable: ${senseless.join(", ")}; ${OPEN}`] : []),
    ...(lacking > 0 ? ["", UNFAIR] : []),
    "",
  ].join("\n");
}
