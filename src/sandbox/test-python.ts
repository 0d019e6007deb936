import { z } from "zod";
import { loadCandidate, lostBy, type Candidate } from "./candidate.js";
import { deadlineIn, type Deadline } from "./deadline.js";
import type { PythonProcess } from "./python-process.js";
import { allFailed, type TestResult, type TestRun, type TestsEnd } from "./tests.js";
import { startPython, within, type Within } from "./start.js";
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

/** Judges a Python program: one process for the program, one for its tests; both are started at once. */
export async function testPython(asked: TestRun, limits: Limits): Promise<Ended> {
  const run = await within(asked);
  const sandbox = run.sandbox.name;
  const tester = startTester(run, limits, 0);
  // Its failure is met where it is awaited, which may be later.
  tester.catch(() => {});
  let clock: Deadline | undefined;
  const begin = async (): Promise<Deadline> => {
    await tester;
    return (clock ??= deadlineIn(limits.wallMs));
  };
  try {
    const candidate = await loadCandidate({ program: run.program, limits, where: run }, begin);
    const why = "why" in candidate ? candidate.why : withoutEntry(candidate, run.entryPoint);
    if (why !== undefined || "why" in candidate) {
      return { loaded: false, why, results: allFailed(run.tests, why!), sandbox };
    }
    const results = await judged(run, limits, candidate, { clock: clock!, tester: await tester });
    return { loaded: true, results, sandbox };
  } finally {
    clock?.close();
    (await tester.catch(() => undefined))?.stop("done");
  }
}

function startTester(run: TestRun & Within, limits: Limits, first: number): Promise<PythonProcess> {
  const task = { tests: run.tests.slice(first), setup: run.setup ?? "", entry: run.entryPoint ?? null };
  return startPython({ purpose: "tester", task, limits }, run);
}

function withoutEntry({ functions, others }: Candidate, entry: string | undefined): string | undefined {
  if (entry === undefined || functions.includes(entry)) return undefined;
  // A class could only be tested beside the program: a function that must not be cheated would be by being one.
  return others.includes(entry) ? `its ${entry} is no function` : `it defines no function ${entry}`;
}

interface Court {
  clock: Deadline;
  tester: PythonProcess;
}

async function judged(
  run: TestRun & Within,
  limits: Limits,
  candidate: Candidate,
  court: Court,
): Promise<TestResult[]> {
  const verdicts = await verdictsOf(run, limits, candidate, court);
  const besides = verdicts.flatMap(({ beside }, index) => (beside === undefined ? [] : [index]));
  const weak = await testBeside(run, limits, besides, court.clock);
  return run.tests.map((test, index) => {
    const { passed, why } = verdicts[index]!;
    const beside = weak.get(index);
    if (beside === undefined) return { test, passed, weak: false, ...(why === undefined ? {} : { why }) };
    return { test, passed: beside === null, weak: true, ...(beside === null ? {} : { why: beside }) };
  });
}

/** A verdict for each test; the tester is started again after a test that ended its process. */
async function verdictsOf(
  run: TestRun & Within,
  limits: Limits,
  candidate: Candidate,
  court: Court,
): Promise<Verdict[]> {
  const { clock } = court;
  const verdicts: Verdict[] = [];
  const names = JSON.stringify({ functions: candidate.functions, others: candidate.others });
  let tester: PythonProcess | undefined = court.tester;
  while (verdicts.length < run.tests.length) {
    const first = verdicts.length;
    tester ??= await clock.held(startTester(run, limits, first));
    clock.watch(tester);
    tester.send(names);
    for await (const verdict of conversation(tester, candidate))
      verdicts.push({ ...verdict, test: first + verdict.test });
    if (verdicts.length === run.tests.length) {
      tester.stop("done");
      break;
    }
    const why = clock.passed ? "timeout" : await lostBy(tester);
    // Spent time is spent for the rest, too; a test that ended its own process has ended only itself.
    const lost = why === "timeout" || run.signal?.aborted ? run.tests.length - first : 1;
    for (let i = 0; i < lost && verdicts.length < run.tests.length; i++) {
      verdicts.push({
        test: verdicts.length,
        passed: false,
        why: why === "timeout" ? why : `the test's process: ${why}`,
      });
    }
    tester = undefined;
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
