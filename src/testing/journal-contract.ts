import type { Journal, JournalAttempt, JournalKey } from "../models/journal.js";
import { equal, runContract, type ContractOptions } from "./suite.js";

const key: JournalKey = { thread: "t", namespace: "", turn: 1, call: "1/solo/0", request: "ab" };
const intent = (attempt = 1): JournalAttempt => ({ attempt, state: "intent" });
const answered = (text: string, attempt = 1): JournalAttempt => ({
  attempt,
  state: "answered",
  reply: { text, usage: { inputTokens: 12, outputTokens: 34 }, finish: "stop", logprobs: [-0.25, -1.5e-7], ms: 250 },
  cached: false,
});
const failed = (attempt = 1): JournalAttempt => ({
  attempt,
  state: "failed",
  error: { code: "TIMEOUT", message: "no answer in 60 s" },
  final: false,
  ms: 60_000,
});

/**
 * The rules that every journal keeps: a resumed run pays for nothing twice only where they hold.
 *
 * @param make - a new, empty journal for each case; it is closed after it
 */
export function journalContract(
  name: string,
  make: () => Journal | Promise<Journal>,
  options: ContractOptions = {},
): void {
  const cases: Record<string, (journal: Journal) => Promise<void>> = {
    "knows nothing of a call that was never written": async (journal) => {
      equal(await journal.read(key), []);
      equal(await journal.list("t"), []);
    },
    "keeps an intent that has no outcome": async (journal) => {
      await journal.write(key, intent());
      equal(await journal.read(key), [intent()]);
    },
    "overwrites an intent by its outcome": async (journal) => {
      await journal.write(key, intent());
      await journal.write(key, answered("42"));
      equal(await journal.read(key), [answered("42")]);
    },
    "reads the attempts of a call in order, in whatever order they were written": async (journal) => {
      for (const attempt of [10, 9, 1]) await journal.write(key, failed(attempt));
      await journal.write(key, answered("42", 2));
      equal(
        (await journal.read(key)).map(({ attempt }) => attempt),
        [1, 2, 9, 10],
      );
    },
    "never lets an intent replace an outcome": async (journal) => {
      await journal.write(key, failed());
      await journal.write(key, intent());
      equal(await journal.read(key), [failed()]);
    },
    "never replaces an answer": async (journal) => {
      await journal.write(key, answered("first"));
      for (const late of [intent(), failed(), answered("second")]) await journal.write(key, late);
      equal(await journal.read(key), [answered("first")]);
    },
    "lets an answer replace a failure": async (journal) => {
      await journal.write(key, failed());
      await journal.write(key, answered("42"));
      equal(await journal.read(key), [answered("42")]);
    },
    "tells calls apart by each part of the key": async (journal) => {
      await journal.write(key, answered("42"));
      const others: Partial<JournalKey>[] = [
        { thread: "u" },
        { namespace: "sub" },
        { turn: 2 },
        { call: "1/solo/1" },
        { request: "cd" },
      ];
      for (const other of others) equal(await journal.read({ ...key, ...other }), []);
    },
    "does not mix up parts that look alike when joined": async (journal) => {
      await journal.write({ ...key, namespace: "a|b", call: "c" }, answered("42"));
      equal(await journal.read({ ...key, namespace: "a", call: "b|c" }), []);
    },
    "lists a thread's attempts in the order in which each was first written": async (journal) => {
      const [first, second] = [
        { ...key, call: "z" },
        { ...key, call: "a" },
      ];
      await journal.write(first, intent());
      await journal.write(second, intent());
      await journal.write({ ...key, thread: "u" }, intent());
      await journal.write(second, answered("2"));
      await journal.write(first, failed());
      await journal.write(first, answered("1", 2));
      equal(await journal.list("t"), [
        { ...first, attempt: failed() },
        { ...second, attempt: answered("2") },
        { ...first, attempt: answered("1", 2) },
      ]);
    },
    "forgets one thread and no other": async (journal) => {
      await journal.write(key, answered("42"));
      await journal.write({ ...key, thread: "u" }, answered("43"));
      await journal.forget("t");
      await journal.forget("never seen");
      equal(await journal.read(key), []);
      equal(await journal.list("t"), []);
      equal(await journal.list("u"), [{ ...key, thread: "u", attempt: answered("43") }]);
    },
    "forgets the turns up to one, and no other namespace's and no later one": async (journal) => {
      const at = (more: Partial<JournalKey>) => journal.write({ ...key, ...more }, answered("42"));
      for (const turn of [1, 2, 10]) await at({ turn });
      await at({ namespace: "sub", turn: 1 });
      await at({ thread: "u", turn: 1 });
      await journal.forget("t", { namespace: "", turn: 2 });
      await journal.forget("t", { namespace: "never seen", turn: 2 });
      const left = await journal.list("t");
      equal(
        left.map(({ namespace, turn }) => [namespace, turn]),
        [
          ["", 10],
          ["sub", 1],
        ],
      );
      equal(await journal.read(key), []);
      equal((await journal.list("u")).length, 1);
    },
    "can write again what it forgot": async (journal) => {
      await journal.write(key, answered("42"));
      await journal.forget("t");
      await journal.write(key, intent());
      equal(await journal.list("t"), [{ ...key, attempt: intent() }]);
    },
    "hands out copies, and keeps copies": async (journal) => {
      const mine = answered("42") as JournalAttempt & { state: "answered" };
      await journal.write(key, mine);
      mine.reply.text = "changed by the writer";
      const [read] = (await journal.read(key)) as [typeof mine];
      equal(read, answered("42"));
      read.reply.text = "changed by a reader";
      equal(await journal.read(key), [answered("42")]);
    },
    "keeps text of any script, quotes and null characters": async (journal) => {
      const odd = `'";--\u0000 \u{1f600} 数 \\`;
      await journal.write({ ...key, call: odd }, answered(odd));
      equal(await journal.read({ ...key, call: odd }), [answered(odd)]);
    },
    "takes writes at the same time": async (journal) => {
      const calls = Array.from({ length: 50 }, (_, nth) => ({ ...key, call: String(nth) }));
      await Promise.all(calls.map((call) => journal.write(call, intent())));
      await Promise.all(calls.map((call) => journal.write(call, answered(call.call))));
      const listed = await journal.list("t");
      equal(
        listed.map(({ call, attempt }) => ({ call, attempt })),
        calls.map(({ call }) => ({ call, attempt: answered(call) })),
      );
    },
    "may be closed twice": async (journal) => {
      journal.close();
      journal.close();
    },
  };
  const bodies = Object.entries(cases).map(([title, run]) => {
    const body = async () => {
      const journal = await make();
      try {
        await run(journal);
      } finally {
        journal.close();
      }
    };
    return [title, body] as const;
  });
  runContract(`${name} keeps the journal contract:`, Object.fromEntries(bodies), options);
}
