import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import PQueue from "p-queue";

/** Runs that were kept in a file, one JSON object a line; none where there is no file. Read from `.gz`, too. */
export function keptRuns<Run>(file: string): Run[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Run);
}

/** Methods as `--methods` lists them. Ends the process where one is not known. */
export function methodsIn<Method extends string>(listed: string, known: readonly Method[]): Method[] {
  const methods = listed.split(",") as Method[];
  const unknown = methods.filter((method) => !known.includes(method));
  if (unknown.length === 0) return methods;
  console.error(`There is no method ${unknown.join(", ")}; there are ${known.join(", ")}.`);
  process.exit(2);
}

/** What is to be run: those of all pairs of a method and a subject that `made` does not hold. */
export function missingRuns<Method extends string, Subject>(
  methods: readonly Method[],
  subjects: readonly Subject[],
  made: (method: Method, subject: Subject) => boolean,
): { method: Method; subject: Subject }[] {
  return methods.flatMap((method) =>
    subjects.filter((subject) => !made(method, subject)).map((subject) => ({ method, subject })),
  );
}

/** Runs what is missing, unless the recording is finished (`.gz`), some at once, and keeps each as soon as it is made: a run that is cut short goes on where it was. */
export async function keepAll<Missing, Run>(
  missing: readonly Missing[],
  { file, runs, atOnce }: { file: string; runs: Run[]; atOnce: number },
  make: (missing: Missing) => Promise<Run>,
): Promise<void> {
  if (missing.length > 0 && file.endsWith(".gz")) {
    console.error(
      `${missing.length} runs are not in ${file}, which is finished: give --runs another file to make them.`,
    );
    return;
  }
  const one = async (wanted: Missing) => {
    const made = await make(wanted);
    runs.push(made);
    appendFileSync(file, `${JSON.stringify(made)}\n`);
  };
  await new PQueue({ concurrency: atOnce }).addAll(missing.map((wanted) => () => one(wanted)));
}
