export { earlyStopCurve, type EarlyStopPoint } from "./early-stop.js";
export { replayExtras } from "./extras.js";
export { wholeVotes } from "./votes.js";
export { grid, levels, type Grid, type GridOptions, type RefusedSetting } from "./grid.js";
export type { Lack } from "./lacking.js";
export { firstOf, recordedOf, replay, type Replayed, type ReplayOptions } from "./replay.js";
export type { GridRow, Setting } from "./row.js";
