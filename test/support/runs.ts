import * as fc from "fast-check";

/** How often a property of the fast project is tried: enough to find a plain mistake. */
const QUICK = 50;

/** How often the slow project tries a property whose test names no number. */
const THOROUGH = 2_000;

const isThorough = process.env["COPE_PROPERTY_RUNS"] === "thorough";

/**
 * How often a test tries its property: `most` in the slow project, at most 50 times in the fast one.
 *
 * @param most - fewer than the default where one try is expensive.
 */
export const runs = (most = THOROUGH): number => (isThorough ? most : Math.min(QUICK, most));

// Each project names this file as its set-up.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: runs() });
