import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { threadName, timeFor } from "../cpu-wait.js";
import { openRealm, RealmLost, Thrown, type Print, type Realm } from "./realm.js";
import type { Request, Said } from "./request.js";
import { asScript, declaredNames } from "./script.js";

// One request, one thread: when it is done or its time is up, the thread ends and its memory with it.

type Of<Kind extends Request["kind"]> = Extract<Request, { kind: Kind }>;

const request = workerData as Request;
const thread = threadName();
let clock: (() => boolean) | undefined;
/** The clock starts when the engine first asks: compiling it is not the program's time, and other threads do it. */
const isTimeUp = (): boolean => (clock ??= timeFor(request.wallMs, thread))();
const limits = { memoryMb: request.memoryMb, isTimeUp };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
const say = (said: Said): void => parentPort!.postMessage(said);
const silent: Print = () => true;

/** Sources that run inside a runtime. */
function sources(...names: string[]): string {
  return names.map((name) => readFileSync(new URL(`../quickjs/${name}.js`, import.meta.url), "utf8")).join("\n");
}

/** Programs of Node hand on by `module.exports`; the last thing of it that counts are the declarations. */
const MODULE = "var module = { exports: {} }; var exports = module.exports;";

async function program({ code, stdin, outputBytes }: Of<"program">): Promise<void> {
  let left = outputBytes;
  const realm = await openRealm(limits, (text, to) => {
    left -= Buffer.byteLength(text);
    if (left >= 0) say({ kind: "output", to, text });
    return left >= 0;
  });
  realm.run(
    `${MODULE}\nvar readline = ((lines) => () => lines.shift() ?? null)(${JSON.stringify(lines(stdin))});`,
    "start.js",
  );
  try {
    realm.run(asScript(code), "program.js");
    say({ kind: "ended", status: "ok", why: "" });
  } catch (error) {
    say({ kind: "ended", status: error instanceof RealmLost ? error.status : "error", why: (error as Error).message });
  }
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

async function syntax({ code }: Of<"syntax">): Promise<void> {
  const realm = await openRealm(limits, silent);
  try {
    realm.compile(asScript(code));
    say({ kind: "syntax" });
  } catch (error) {
    say({ kind: "syntax", error: (error as Error).message });
  }
}

const TOO_LARGE = JSON.stringify({ lost: "its answer is too large" });

/** A program in its runtime, and its functions. */
interface Candidate {
  functions: string[];
  others: string[];
  answer(call: string): string;
}

async function candidate(text: string): Promise<Candidate> {
  const realm = await openRealm(limits, silent);
  const inside = realm.install(sources("plain", "candidate"), ["names", "call", "answered"]);
  realm.run(MODULE, "start.js");
  realm.run(asScript(text), "program.js");
  const known = JSON.parse(inside.names(JSON.stringify(declaredNames(text)))) as {
    functions: string[];
    others: string[];
  };
  return {
    ...known,
    answer(call) {
      try {
        inside.call(call);
        realm.jobs();
        const answer = inside.answered();
        return answer.length > request.outputBytes ? TOO_LARGE : answer;
      } catch (error) {
        return JSON.stringify({ lost: (error as Error).message });
      }
    },
  };
}

/** Loads a program, or says why it cannot be. */
async function loaded(text: string, entry: string | undefined): Promise<Candidate | undefined> {
  try {
    const made = await candidate(text);
    const why =
      entry === undefined || made.functions.includes(entry)
        ? undefined
        : made.others.includes(entry)
          ? `its ${entry} is no function`
          : `it defines no function ${entry}`;
    say({ kind: "loaded", why });
    return why === undefined ? made : undefined;
  } catch (error) {
    const during = error instanceof RealmLost ? " while it was loaded" : "";
    say({ kind: "loaded", why: (error as Error).message + during });
    return undefined;
  }
}

async function calls({ program: text, entry, calls: asked }: Of<"calls">): Promise<void> {
  let made = await loaded(text, entry);
  for (const call of made ? asked : []) {
    const answer = made!.answer(call);
    say({ kind: "answer", answer });
    // A runtime that is lost is made anew for the rest.
    if (answer.startsWith('{"lost"')) made = await candidate(text);
  }
}

const TESTER = ["run", "supply", "prepare", "judged"] as const;

interface Verdict {
  passed?: boolean;
  why?: string;
  beside?: string;
}

async function tests(asked: Of<"tests">): Promise<void> {
  let made = await loaded(asked.program, asked.entry);
  if (!made) return;
  const answer = (call: string): string => made!.answer(call);
  const tester = await openTester(asked, answer, made);
  const besides: number[] = [];
  for (const [test, text] of asked.tests.entries()) {
    const verdict = tester(text);
    if (verdict.beside === undefined)
      say({ kind: "verdict", test, passed: verdict.passed === true, weak: false, why: verdict.why });
    else besides.push(test);
    if (verdict.why !== undefined && !limits.isTimeUp()) made = await again(asked.program, made, verdict.why);
  }
  if (besides.length > 0) await beside(asked, besides);
}

/** After a crash or when memory is spent a program begins anew; after a wrong answer it goes on. */
async function again(text: string, made: Candidate, why: string): Promise<Candidate> {
  return LOST.has(why) ? candidate(text) : made;
}
const LOST = new Set(["memory", "output", "killed"].map((status) => new RealmLost(status as "memory").message));

async function openTester(
  { setup, entry }: Of<"tests">,
  answer: (call: string) => string,
  made: Pick<Candidate, "functions" | "others">,
): Promise<(text: string) => Verdict> {
  const realm = await openRealm(limits, silent);
  const inside = realm.install(sources("plain", "assert", "tester"), TESTER);
  inside.supply(realm.expose(answer), JSON.stringify({ entry, functions: made.functions, others: made.others }));
  const prepared = JSON.parse(inside.prepare(setup)) as Verdict;
  return (text) =>
    prepared.why === undefined && prepared.beside === undefined ? judged(realm, inside, text) : prepared;
}

function judged(
  realm: Realm,
  inside: Record<(typeof TESTER)[number], (text: string) => string>,
  text: string,
): Verdict {
  try {
    inside.run(text);
    realm.jobs();
    return JSON.parse((inside.judged as () => string)()) as Verdict;
  } catch (error) {
    if (error instanceof Thrown || error instanceof RealmLost) return { why: error.message };
    throw error;
  }
}

/** Tests that need the program itself, in one runtime with it. */
async function beside(asked: Of<"tests">, which: readonly number[]): Promise<void> {
  const realm = await openRealm(limits, silent);
  const inside = realm.install(sources("plain", "assert", "tester"), TESTER);
  let failed: string | undefined;
  try {
    realm.run(MODULE, "start.js");
    realm.run(asScript(asked.program), "program.js");
    failed = (JSON.parse(inside.prepare(asked.setup)) as Verdict).why;
  } catch (error) {
    failed = (error as Error).message;
  }
  for (const test of which) {
    const { passed = false, why } = failed === undefined ? judged(realm, inside, asked.tests[test]!) : { why: failed };
    say({ kind: "verdict", test, passed, weak: true, why });
  }
}

say({ kind: "ready", ...(thread === undefined ? {} : { thread }) });
if (request.kind === "program") await program(request);
else if (request.kind === "syntax") await syntax(request);
else if (request.kind === "calls") await calls(request);
else await tests(request);
