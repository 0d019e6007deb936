import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheDir } from "../../home.js";
import { CopeError } from "../../errors.js";
import { readTextFile } from "../../files.js";
import { type Problem, turnBefore } from "./problem.js";

/** Where the hub keeps a data set: as files of a repository, or as rows of a split that its rows server hands out. */
export type HubSource =
  | { kind: "files"; repo: string; files: readonly { local: string; remote: string; optional?: true }[] }
  | { kind: "rows"; dataset: string; config: string; splits: readonly string[]; local: string };

/** A data set known by name. Paths are those in a data folder: `$COPE_DATA`, `./data`, or the cache. */
interface KnownSet {
  file: string;
  hub: HubSource;
}

const rows = (dataset: string, config: string, splits: readonly string[], local: string): KnownSet => ({
  file: local,
  hub: { kind: "rows", dataset, config, splits, local },
});

/** The data sets known by name. */
export const KNOWN = {
  gsm8k: rows("openai/gsm8k", "main", ["test"], "gsm8k/test.jsonl"),
  // Its copy on the hub parts the thousand problems into two splits.
  svamp: rows("ChilleD/SVAMP", "default", ["train", "test"], "svamp/test.jsonl"),
  math500: {
    file: "math500/test.jsonl",
    hub: {
      kind: "files",
      repo: "datasets/HuggingFaceH4/MATH-500",
      files: [{ local: "math500/test.jsonl", remote: "test.jsonl" }],
    },
  },
  mbpp: rows("google-research-datasets/mbpp", "full", ["test"], "mbpp/test500.jsonl"),
  humaneval: rows("openai/openai_humaneval", "openai_humaneval", ["test"], "humaneval/HumanEval.jsonl"),
  mt_bench: {
    file: "mt_bench/question.jsonl",
    hub: {
      kind: "files",
      repo: "spaces/lmsys/mt-bench",
      files: [
        // The references first: a set without them is found by its questions and looks whole.
        {
          local: "mt_bench/reference_answer_gpt-4.jsonl",
          remote: "data/mt_bench/reference_answer/gpt-4.jsonl",
          optional: true,
        },
        { local: "mt_bench/question.jsonl", remote: "data/mt_bench/question.jsonl" },
      ],
    },
  },
} as const satisfies Record<string, KnownSet>;

/** Name of a known data set. */
type KnownName = keyof typeof KNOWN;

/** Whether a word names a known data set. */
export const isKnown = (name: string): name is KnownName => Object.hasOwn(KNOWN, name);

/** The known data set that a path is a copy of, by its place in a data folder; undefined for any other path. */
export function knownAs(path: string): KnownName | undefined {
  const whole = resolve(path).replaceAll("\\", "/").replace(/\.gz$/, "");
  return (Object.keys(KNOWN) as KnownName[]).find((name) => whole.endsWith(`/${KNOWN[name].file}`));
}

/** Folder into which data sets are downloaded, laid out like any other data folder. */
export const dataCache = (): string => join(cacheDir(), "data");

/** The file of a data folder, plain or gzipped, from the first folder that has it: `$COPE_DATA`, `./data`, the cache. */
export function findData(file: string): string | undefined {
  const given = process.env["COPE_DATA"];
  const folders = [...(given ? [given] : []), "data", dataCache()];
  return folders.flatMap((folder) => [join(folder, file), join(folder, `${file}.gz`)]).find((path) => existsSync(path));
}

/**
 * Several data sets as one: ids become `set/id`, and `about.data` says which set a problem is of, so that tables can be
 * split by it.
 */
export function pool(sets: readonly { name: string; problems: readonly Problem[] }[]): Problem[] {
  return sets.flatMap(({ name, problems }) =>
    problems.map((problem) => {
      const before = turnBefore(problem);
      return {
        ...problem,
        id: `${name}/${problem.id}`,
        ...(before === undefined ? {} : { task: { ...problem.task, after: `${name}/${before}` } }),
        about: { data: name, ...problem.about },
      };
    }),
  );
}

/**
 * Reads a file of problem ids, one a line, in its order. Blank lines and what follows a `#` at a line's beginning or
 * behind a space do not count.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` when it holds no id
 */
export function readIds(path: string): string[] {
  const ids = readTextFile(path, { remedy: "give a file of ids, one a line." })
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
  if (ids.length > 0) return ids;
  throw new CopeError("FILE_BROKEN", `${path} holds no id.`, "write the ids of problems into it, one a line.");
}
