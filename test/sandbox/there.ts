import { findSandbox } from "../../src/sandbox/index.js";
import { needs } from "../support/needs.js";

const name = await findSandbox().then(
  (found) => found.name,
  () => undefined,
);

/** Whether programs can be run under bubblewrap here. */
export const hasBubblewrap = needs("bubblewrap, with which sandboxed programs are run", name === "bubblewrap");
