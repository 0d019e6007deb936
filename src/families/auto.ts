/** What `auto` looks at. */
export interface AutoTask {
  question: string;
  tests?: unknown;
  entryPoint?: unknown;
  choices?: unknown;
  schema?: unknown;
}

/** Tells a task's family. */
export function chooseFamily(task: AutoTask, known: readonly string[]): { family: string; why: string } {
  if (task.tests || task.entryPoint) return { family: "code", why: "tests or an entry point are given" };
  if (task.choices || task.schema) return { family: "choice", why: "choices or a schema are given" };
  return { family: known.includes("math") ? "math" : known[0]!, why: "nothing else is given" };
}
