import { copyOfSources, SHARED_BUILD } from "./cli.js";

/** One copy of the sources for all files of the slow project: Node then compiles each module once, not in every process. */
export default function setup(): () => void {
  const { folder, remove } = copyOfSources();
  process.env[SHARED_BUILD] = folder;
  return remove;
}
