import { findSandbox } from "../../../src/sandbox/index.js";
import { needs } from "../../support/needs.js";

const found = await findSandbox().then(
  () => true,
  () => false,
);

/** Whether programs can be run here at all. */
export const hasSandbox = needs("a sandbox, in which programs are run", found);
