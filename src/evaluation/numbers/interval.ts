/** Where a figure may lie, given the data. */
export type Interval = [low: number, high: number];
