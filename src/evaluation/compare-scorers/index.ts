export { compareScorers, type CompareOptions, type ScorerComparison } from "./compare.js";
export type { ScorerFigures, ScorerRow } from "./row.js";
export { scorerTable } from "./table.js";
