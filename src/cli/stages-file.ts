import { readFileSync } from "node:fs";
import { CopeError } from "../errors.js";
import type { StageInput } from "../state/stage.js";

/**
 * A stage list from a JSON file. What is wrong with a stage is told when the list is resolved.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` where it holds no list
 */
export function readStages(file: string): StageInput[] {
  const remedy = "give a file with a JSON list of stages.";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new CopeError("FILE_NOT_FOUND", `${file} cannot be read.`, remedy, { cause });
  }
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch (cause) {
    throw new CopeError("FILE_BROKEN", `${file} holds no JSON.`, remedy, { cause });
  }
  throw new CopeError("FILE_BROKEN", `${file} holds JSON that is no list.`, remedy);
}
