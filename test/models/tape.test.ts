import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openSqlite } from "../../src/models/sqlite.js";
import { openTape } from "../../src/models/tape.js";
import type { Reply } from "../../src/models/types.js";
import { runChild } from "../support/child.js";
import { temporaryFolder } from "../support/folder.js";
import { reply, request } from "./requests.js";

const WRITER = new URL("children/write-tape.ts", import.meta.url).pathname;

const newFile = () => join(temporaryFolder(), "tape.sqlite");

function open(file: string) {
  const tape = openTape(file);
  onTestFinished(() => tape.close());
  return tape;
}

const never = async () => {
  throw new Error("was asked");
};

describe("a tape", () => {
  it("asks once and answers from the record after that, also when opened anew", async () => {
    const file = newFile();
    const ask = vi.fn<() => Promise<Reply>>(async () => reply("42"));
    const first = openTape(file);
    expect(await first.once(request(), ask)).toEqual({ reply: reply("42"), cached: false });
    expect(await first.once(request(), never)).toEqual({ reply: reply("42"), cached: true });
    first.close();
    expect(await open(file).once(request(), never)).toEqual({ reply: reply("42"), cached: true });
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("shares one call among equal asks at the same time, across tapes on one file", async () => {
    const file = newFile();
    const [one, other] = [open(file), open(file)];
    const ask = vi.fn<() => Promise<Reply>>(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return reply("42");
    });
    const all = await Promise.all([one, one, other, other].map((tape) => tape.once(request(), ask)));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(all.map(({ cached }) => cached)).toEqual([false, true, true, true]);
    expect(all.map((each) => each.reply)).toEqual([0, 1, 2, 3].map(() => reply("42")));
  });

  it("gives each sharer a reply of its own", async () => {
    const tape = open(":memory:");
    const [first, second] = await Promise.all([1, 2].map(() => tape.once(request(), async () => reply("42"))));
    first!.reply.text = "changed";
    expect(second!.reply.text).toBe("42");
  });

  it("keeps two tapes in memory apart", async () => {
    const ask = vi.fn<() => Promise<Reply>>(async () => reply("42"));
    await Promise.all([open(":memory:"), open(":memory:")].map((tape) => tape.once(request(), ask)));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("fails for all sharers when the ask fails, records nothing, and asks again later", async () => {
    const tape = open(newFile());
    const ask = vi.fn<() => Promise<Reply>>(async () => Promise.reject(new Error("429")));
    const all = await Promise.allSettled([tape.once(request(), ask), tape.once(request(), ask)]);
    expect(all.map((each) => each.status === "rejected" && each.reason.message)).toEqual(["429", "429"]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(await tape.once(request(), async () => reply("42"))).toMatchObject({ cached: false });
  });

  it("returns the text that another process recorded first, with the bill of its own call", async () => {
    const file = newFile();
    const tape = open(file);
    const mine = await tape.once(request(7), async () => {
      const { code } = await runChild(WRITER, [file, "theirs", "7", "8"]);
      expect(code).toBe(0);
      return { ...reply("mine"), usage: { inputTokens: 1, outputTokens: 2 }, ms: 3 };
    });
    expect(mine).toMatchObject({
      cached: false,
      reply: { text: "theirs", usage: { inputTokens: 1, outputTokens: 2 }, ms: 3 },
    });
    expect((await tape.once(request(7), never)).reply).toEqual(reply("theirs"));
  });

  it("returns a reply that comes in after it was closed", async () => {
    const tape = openTape(":memory:");
    const asked = tape.once(request(), async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return reply("late");
    });
    tape.close();
    tape.close();
    expect((await asked).reply.text).toBe("late");
  });

  it("writes no API key and no URL, even where a caller hung them on the request", async () => {
    const file = newFile();
    const tape = openTape(file);
    const { model, sampling } = request();
    const secrets = { apiKey: "sk-not-for-disk", baseURL: "https://proxy.example/v1" };
    await tape.once(request(0, { model: { ...model, ...secrets }, sampling: { ...sampling, ...secrets } }), async () =>
      reply("forty-two"),
    );
    const folder = join(file, "..");
    const bytes = () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "latin1"))
        .join();
    tape.close();
    expect(bytes()).toContain("forty-two");
    expect(bytes()).not.toMatch(/sk-not-for-disk|proxy\.example|https?:/);
  });

  it("takes 500 entries each from two processes at once, who agree on every entry both wrote", async () => {
    const file = newFile();
    const [a, b] = await Promise.all([
      runChild(WRITER, [file, "a", "0", "500"]),
      runChild(WRITER, [file, "b", "250", "750"]),
    ]);
    expect([a.errors, b.errors, a.code, b.code]).toEqual(["", "", 0, 0]);
    const tape = open(file);
    for (const line of [...a.lines, ...b.lines]) {
      const [nth, text] = line.split(" ");
      expect((await tape.once(request(Number(nth)), never)).reply.text).toBe(text);
    }
    expect(new Set([...a.lines, ...b.lines]).size).toBe(750);
  });

  it("loses no recorded reply when its process is killed in the middle of writing", async () => {
    const file = newFile();
    const { lines, signal } = await runChild(WRITER, [file, "a", "0", "1000000"], 300);
    expect(signal).toBe("SIGKILL");
    expect(lines.length).toBeGreaterThanOrEqual(300);
    const tape = open(file);
    for (const line of lines) {
      expect(await tape.once(request(Number.parseInt(line)), never)).toEqual({ reply: reply("a"), cached: true });
    }
    const db = openSqlite(file, { schema: "" });
    onTestFinished(() => db.close());
    expect(db.prepare("PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
  });
});
