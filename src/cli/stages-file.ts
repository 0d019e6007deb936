import { CopeError } from "../errors.js";
import type { StageInput } from "../state/stage.js";
import { readJsonFile } from "../files.js";

/**
 * A stage list from a JSON file. What is wrong with a stage is told when the list is resolved.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` where it holds no list
 */
export function readStages(file: string): StageInput[] {
  const remedy = "give a file with a JSON list of stages.";
  const list = readJsonFile(file, { remedy });
  if (Array.isArray(list)) return list;
  throw new CopeError("FILE_BROKEN", `${file} holds JSON that is no list.`, remedy);
}
