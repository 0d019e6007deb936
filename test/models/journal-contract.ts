import { describe, expect, it, onTestFinished } from "vitest";
import type { Journal, JournalAttempt, JournalKey } from "../../src/models/journal.js";
import { reply } from "./requests.js";

const key: JournalKey = { thread: "t", namespace: "", turn: 1, call: "1/solo/0", request: "ab" };
const intent = (attempt = 1): JournalAttempt => ({ attempt, state: "intent" });
const answered = (text: string, attempt = 1): JournalAttempt => ({
  attempt,
  state: "answered",
  reply: reply(text),
  cached: false,
});
const failed = (attempt = 1): JournalAttempt => ({
  attempt,
  state: "failed",
  error: { code: "TIMEOUT", message: "no answer in 60 s" },
  final: false,
  ms: 60_000,
});

/** The rules that every journal keeps; run it over one's own. */
export function journalContract(name: string, make: () => Journal | Promise<Journal>): void {
  const cases: Record<string, (journal: Journal) => Promise<void>> = {
    "knows nothing of a call that was never written": async (journal) => {
      expect(await journal.read(key)).toEqual([]);
      expect(await journal.list("t")).toEqual([]);
    },
    "keeps an intent that has no outcome": async (journal) => {
      await journal.write(key, intent());
      expect(await journal.read(key)).toEqual([intent()]);
    },
    "overwrites an intent by its outcome": async (journal) => {
      await journal.write(key, intent());
      await journal.write(key, answered("42"));
      expect(await journal.read(key)).toEqual([answered("42")]);
    },
    "reads the attempts of a call in order, in whatever order they were written": async (journal) => {
      for (const attempt of [10, 9, 1]) await journal.write(key, failed(attempt));
      await journal.write(key, answered("42", 2));
      expect((await journal.read(key)).map(({ attempt }) => attempt)).toEqual([1, 2, 9, 10]);
    },
    "never lets an intent replace an outcome": async (journal) => {
      await journal.write(key, failed());
      await journal.write(key, intent());
      expect(await journal.read(key)).toEqual([failed()]);
    },
    "never replaces an answer": async (journal) => {
      await journal.write(key, answered("first"));
      for (const late of [intent(), failed(), answered("second")]) await journal.write(key, late);
      expect(await journal.read(key)).toEqual([answered("first")]);
    },
    "lets an answer replace a failure": async (journal) => {
      await journal.write(key, failed());
      await journal.write(key, answered("42"));
      expect(await journal.read(key)).toEqual([answered("42")]);
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
      for (const other of others) expect(await journal.read({ ...key, ...other })).toEqual([]);
    },
    "does not mix up parts that look alike when joined": async (journal) => {
      await journal.write({ ...key, namespace: "a|b", call: "c" }, answered("42"));
      expect(await journal.read({ ...key, namespace: "a", call: "b|c" })).toEqual([]);
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
      expect(await journal.list("t")).toEqual([
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
      expect(await journal.read(key)).toEqual([]);
      expect(await journal.list("t")).toEqual([]);
      expect(await journal.list("u")).toEqual([{ ...key, thread: "u", attempt: answered("43") }]);
    },
    "forgets the turns up to one, and no other namespace's and no later one": async (journal) => {
      const at = (more: Partial<JournalKey>) => journal.write({ ...key, ...more }, answered("42"));
      for (const turn of [1, 2, 10]) await at({ turn });
      await at({ namespace: "sub", turn: 1 });
      await at({ thread: "u", turn: 1 });
      await journal.forget("t", { namespace: "", turn: 2 });
      await journal.forget("t", { namespace: "never seen", turn: 2 });
      const left = await journal.list("t");
      expect(left.map(({ namespace, turn }) => [namespace, turn])).toEqual([
        ["", 10],
        ["sub", 1],
      ]);
      expect(await journal.read(key)).toEqual([]);
      expect(await journal.list("u")).toHaveLength(1);
    },
    "can write again what it forgot": async (journal) => {
      await journal.write(key, answered("42"));
      await journal.forget("t");
      await journal.write(key, intent());
      expect(await journal.list("t")).toEqual([{ ...key, attempt: intent() }]);
    },
    "hands out copies, and keeps copies": async (journal) => {
      const mine = answered("42") as JournalAttempt & { state: "answered" };
      await journal.write(key, mine);
      mine.reply.text = "changed by the writer";
      const [read] = (await journal.read(key)) as [typeof mine];
      expect(read).toEqual(answered("42"));
      read.reply.text = "changed by a reader";
      expect(await journal.read(key)).toEqual([answered("42")]);
    },
    "keeps text of any script, quotes and null characters": async (journal) => {
      const odd = `'";--\u0000 \u{1f600} 数 \\`;
      await journal.write({ ...key, call: odd }, answered(odd));
      expect(await journal.read({ ...key, call: odd })).toEqual([answered(odd)]);
    },
    "takes writes at the same time": async (journal) => {
      const calls = Array.from({ length: 50 }, (_, nth) => ({ ...key, call: String(nth) }));
      await Promise.all(calls.map((call) => journal.write(call, intent())));
      await Promise.all(calls.map((call) => journal.write(call, answered(call.call))));
      const listed = await journal.list("t");
      expect(listed.map(({ call, attempt }) => ({ call, attempt }))).toEqual(
        calls.map(({ call }) => ({ call, attempt: answered(call) })),
      );
    },
    "may be closed twice": async (journal) => {
      journal.close();
      journal.close();
    },
  };
  describe(`${name} keeps the journal contract:`, () => {
    it.each(Object.entries(cases))("%s", async (_, run) => {
      const journal = await make();
      onTestFinished(() => journal.close());
      await expect(run(journal)).resolves.toBeUndefined();
    });
  });
}
