import { FAULTS } from "./faults.js";
import type { RunEnd } from "./run.js";

/** The runs as a table in markdown, one line a fault and one for all. */
export function tableOf(ends: readonly RunEnd[]): string {
  const groups = FAULTS.map((fault) => [fault, ends.filter((end) => end.fault === fault)] as const);
  const lines = [...groups, ["**all**", ends] as const].flatMap(([name, own]) =>
    own.length > 0 ? [row([name, ...cellsOf(own)])] : [],
  );
  return [row([...HEAD]), row(HEAD.map(() => "---")), ...lines].join("\n");
}

const HEAD = ["fault", "runs", "requests", "answered", "coded errors", "neither", "ledger = server", "budgets passed"];

function cellsOf(ends: readonly RunEnd[]): string[] {
  const broken = ends.filter(({ wrong }) => wrong.ends.length > 0);
  const codes = Object.entries(
    Object.groupBy(
      ends.filter((run) => run.end !== "answered" && !broken.includes(run)),
      ({ end }) => end,
    ),
  ).map(([code, runs]) => `${runs!.length} ${code}`);
  const budgeted = ends.filter(({ budget }) => budget);
  return [
    `${ends.length}`,
    `${ends.reduce((sum, { requests }) => sum + requests, 0)}`,
    `${ends.filter(({ end }) => end === "answered").length}`,
    codes.toSorted().join(", ") || "0",
    `${broken.length}`,
    `${ends.filter(({ wrong }) => wrong.books.length === 0).length} of ${ends.length}`,
    `${budgeted.filter(({ wrong }) => wrong.budget.length > 0).length} of ${budgeted.length}`,
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
