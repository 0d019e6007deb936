import { afterAll, beforeAll, expect, test } from "vitest";
import { Pending } from "../../src/state/pending.js";
import { LARGE, purposeOf } from "../support/cascade-server.js";
import { buildCopy, startScript, type Build } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer, type OpenAiServer } from "../support/openai-server.js";
import { join } from "node:path";

let build: Build;
let server: OpenAiServer;

beforeAll(async () => {
  build = buildCopy();
  let asked = 0;
  server = await startOpenAiServer((request) => {
    if (purposeOf(request) !== "execute") return `Count the cases of ${asked++} apart.`;
    // No two small samples agree.
    return `The final answer is $\\boxed{${request.model === LARGE ? 4711 : asked++}}$.`;
  });
});

afterAll(async () => {
  build.remove();
  await server.close();
});

test("a person answers from other processes, hours later: every step in a process of its own buys nothing twice", async () => {
  const folder = temporaryFolder();
  const script = join(build.folder, "test/durability/children/approval.js");
  const step = async (...action: string[]) => {
    const { code, stdout, stderr } = await startScript(script, [folder, ...action], { home: folder, url: server.url })
      .ended;
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const { pending, ...rest } = JSON.parse(stdout);
    return { ...rest, pending: pending === null ? null : Pending.parse(pending), asked: server.requests.length };
  };

  const begun = await step("begin");
  expect(begun).toMatchObject({ asked: 0, pending: { asks: "sending", stage: "solo", reasons: ["leaving"] } });
  const seen = await step("go on");
  expect(seen.pending).toEqual(begun.pending);
  expect(seen.asked).toBe(0);

  const solo = await step("answer", '"approve"');
  expect(solo).toMatchObject({ pending: { asks: "sending", stage: "guided", best: { stage: "solo" } } });
  const guideline = await step("answer", '{"decision":"approve"}');
  expect(guideline).toMatchObject({ pending: { asks: "guideline", by: "large" }, asked: solo.asked + 1 });
  const edited = await step("answer", '{"decision":"edit","guideline":"Count them on a ring."}');
  expect(edited).toMatchObject({ pending: { asks: "sending", stage: "takeover" } });
  expect((await step("look")).pending).toEqual(edited.pending);
  const end = await step("answer", '"approve"');
  expect(end).toMatchObject({ pending: null, answer: { value: "4711", stage: "takeover" }, asked: edited.asked + 1 });

  // Calls differ by their seeds: one that came twice was bought twice.
  const requests = server.requests.map((request) => JSON.stringify(request));
  expect(new Set(requests).size).toBe(requests.length);
  const shown = edited.pending!.requests[0]!.messages;
  expect(server.requests.at(-1)!.messages).toEqual(shown);
  expect(end.decisions.map(({ decision }: { decision: string }) => decision)).toEqual([
    "approve",
    "approve",
    "edit",
    "approve",
  ]);
});
