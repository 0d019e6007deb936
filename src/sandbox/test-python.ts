import { z } from "zod";
import { loadCandidate, died, type Candidate } from "./candidate.js";
import { deadlineIn, type Deadline } from "./deadline.js";
import type { PythonProcess } from "./python-process.js";
import { allFailed, type TestRun, type TestsEnd } from "./tests.js";
import { startPython } from "./start.js";
import { testBeside } from "./test-beside.js";
import type { Limits } from "./types.js";

const Verdict = z.object({
  test: z.number(),
  passed: z.boolean(),
  why: z.string().optional(),
  /** Why it can be judged in the program's own process alone. */
  beside: z.string().optional(),
});
type Verdict = z.infer<typeof Verdict>;

type Ended = Omit<TestsEnd, "ms">;

/** Judges a Python program: one process for the program, one for its tests. */
export async function testPython(run: TestRun, limits: Limits): Promise<Ended> {
  let clock: Deadline | undefined;
  try {
    const candidate = await loadCandidate(
      { program: run.program, limits, options: run },
      () => (clock ??= deadlineIn(limits.wallMs)),
    );
    const why = "why" in candidate ? candidate.why : withoutEntry(candidate, run.entryPoint);
    if (why !== undefined || "why" in candidate) return { loaded: false, why, results: allFailed(run.tests, why!) };
    return { loaded: true, results: await judged(run, limits, candidate, clock!) };
  } finally {
    clock?.close();
  }
}

function withoutEntry({ functions, others }: Candidate, entry: string | undefined): string | undefined {
  if (entry === undefined || functions.includes(entry) || others.includes(entry)) return undefined;
  return `it defines no function ${entry}`;
}

async function judged(run: TestRun, limits: Limits, candidate: Candidate, clock: Deadline) {
  const verdicts = await verdictsOf(run, limits, candidate, clock);
  const besides = verdicts.flatMap(({ beside }, index) => (beside === undefined ? [] : [index]));
  const weak = besides.length > 0 ? await testBeside(run, limits, besides, clock) : new Map<number, string | null>();
  return run.tests.map((test, index) => {
    const { passed, why } = verdicts[index]!;
    const beside = weak.get(index);
    if (beside === undefined) return { test, passed, weak: false, ...(why === undefined ? {} : { why }) };
    return { test, passed: beside === null, weak: true, ...(beside === null ? {} : { why: beside }) };
  });
}

/** A verdict for each test; the tester is started again after a test that ended its process. */
async function verdictsOf(run: TestRun, limits: Limits, candidate: Candidate, clock: Deadline): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const { functions, others } = candidate;
  while (verdicts.length < run.tests.length) {
    const first = verdicts.length;
    const tests = run.tests.slice(first);
    const task = {
      tests,
      setup: run.setup ?? "",
      entry: functions.includes(run.entryPoint!) ? run.entryPoint : null,
      functions,
      others,
    };
    const tester = await startPython({ purpose: "tester", task, limits }, run);
    clock.watch(tester);
    for await (const verdict of conversation(tester, candidate))
      verdicts.push({ ...verdict, test: first + verdict.test });
    tester.stop("done");
    if (verdicts.length === run.tests.length) break;
    const why = clock.passed ? "timeout" : died(await tester.ended);
    // Spent time is spent for the rest, too; a test that ended its own process has ended only itself.
    const lost = clock.passed || run.signal?.aborted ? run.tests.length - verdicts.length : 1;
    for (let i = 0; i < lost; i++) {
      verdicts.push({
        test: verdicts.length,
        passed: false,
        why: why === "timeout" ? why : `the test's process: ${why}`,
      });
    }
  }
  return verdicts;
}

/** Carries calls to the candidate and answers back, and hands on verdicts. */
async function* conversation(tester: PythonProcess, candidate: Candidate): AsyncGenerator<Verdict> {
  for (let line = await tester.receive(); line !== undefined; line = await tester.receive()) {
    if (line.startsWith('{"test":')) {
      yield Verdict.parse(JSON.parse(line));
      continue;
    }
    const answer = await candidate.call(line);
    tester.send(typeof answer === "string" ? answer : JSON.stringify(answer));
  }
}
