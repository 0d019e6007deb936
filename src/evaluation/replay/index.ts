export { grid, levels, notRecorded, type Grid, type GridOptions, type RefusedSetting } from "./grid.js";
export type { GridRow, Setting } from "./row.js";
