import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope, type Tape } from "../../src/index.js";
import { scriptedModel, testTape } from "../../src/testing/index.js";
import { temporaryFolder } from "../support/folder.js";
import { plain } from "../support/plain-family.js";

const newFile = () => join(temporaryFolder(), "run.tape");

async function run(tape: Tape, question = "q") {
  onTestFinished(() => tape.close());
  const small = scriptedModel([{ purpose: "goal", reply: "the goal" }, { reply: "42" }]);
  const large = scriptedModel([]);
  const result = await createCope({ family: plain, small, large, tape }).compile().invoke({ question });
  return { ...result, asked: small.asked.length };
}

describe("a tape for tests", () => {
  it("replays a recorded run without a call", async () => {
    const file = newFile();
    const recorded = await run(testTape(file, { mode: "record" }));
    expect(recorded.asked).toBe(12);
    const replayed = await run(testTape(file));
    expect(replayed.asked).toBe(0);
    expect(replayed.answer).toEqual(recorded.answer);
  });

  it("refuses what was not recorded, with what was asked, and asks no model", async () => {
    const file = newFile();
    await run(testTape(file, { mode: "record" }));
    const other = run(testTape(file), "another question");
    await expect(other).rejects.toMatchObject({
      code: "NOT_RECORDED",
      message: expect.stringMatching(/scripted:model, seed \d+: "another question".*COPE_RECORD=1/s),
    });
  });

  it("refuses to replay a file that is not there, and leaves none behind", () => {
    const file = newFile();
    expect(() => testTape(file)).toThrow(expect.objectContaining({ code: "FILE_NOT_FOUND" }));
    expect(existsSync(file)).toBe(false);
  });

  it("records where the environment says so", async () => {
    vi.stubEnv("COPE_RECORD", "1");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await run(testTape(newFile()))).asked).toBe(12);
  });
});
