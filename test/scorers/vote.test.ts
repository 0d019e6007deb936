import { describe, expect, it } from "vitest";
import { decide } from "../../src/scorers/decide.js";
import { vote } from "../../src/scorers/vote.js";
import { allDraws, canonicalSequences, thresholdsFor } from "./brute-force.js";
import { sameJson as identical, samplesOf, scorerContract } from "../../src/testing/index.js";
import { samplesFrom } from "./samples.js";

const timeout = new Error("no answer in 60 s");

scorerContract("vote", vote, () => samplesOf("42", "41", undefined, "42", "42", timeout, "41", "42"), {
  runner: { describe, it },
});
scorerContract("vote on a tie", vote, () => samplesOf("41", "42", "42", "41"), { runner: { describe, it } });
scorerContract(
  "vote on values that are not strings",
  vote,
  () => samplesOf([1, 2], null, [1, 2], 7, false, null, [1, 2]),
  {
    runner: { describe, it },
  },
);

describe("vote", () => {
  it("is the share of equal answers among all planned samples, unreadable and failed ones included", async () => {
    const samples = samplesOf("42", undefined, "41", "42", timeout, "42", "40", "42");
    expect(await vote(samples, { planned: 8, same: identical })).toEqual({
      low: 0.5,
      high: 0.5,
      winner: "1/solo/0",
      leader: "1/solo/0",
      why: "4 of 8 samples agree on 42, 1 unreadable, 1 failed",
    });
  });

  it("gives a tie to the answer seen first", async () => {
    const tied = await vote(samplesOf("41", "42", "42", "41"), { planned: 4, same: identical });
    expect(tied).toMatchObject({ low: 0.5, winner: "1/solo/0" });
  });

  it("names no winner while a tie could still change it", async () => {
    const open = await vote(samplesOf("41", "42", "42"), { planned: 4, same: identical });
    expect(open).toEqual({ low: 0.5, high: 0.75, leader: "1/solo/1", why: "2 of 3 drawn agree on 42, 1 to come" });
  });

  it("asks before the first draw for as many samples as could settle it", async () => {
    const draw = { planned: 8, same: identical };
    expect(await vote.missing([], { ...draw, threshold: 0.75 })).toEqual({ toAccept: 6, toEscalate: 3 });
    expect(await vote.missing([], { ...draw, threshold: 0.5 })).toEqual({ toAccept: 4, toEscalate: 5 });
    expect(await vote.missing([], { ...draw, threshold: 0 })).toEqual({ toAccept: 4, toEscalate: 8 });
  });

  it("says when an acceptance or an escalation is out of reach", async () => {
    const drawn = samplesOf("1", "2", "1");
    const draw = { planned: 4, same: identical };
    expect(await vote.missing(drawn, { ...draw, threshold: 1 })).toEqual({ toAccept: Infinity, toEscalate: 0 });
    expect(await vote.missing(drawn, { ...draw, threshold: 0.5 })).toEqual({ toAccept: 0, toEscalate: Infinity });
  });

  it("passes on what the comparison throws", async () => {
    const lost = vote(samplesOf("1", "2"), { planned: 2, same: () => Promise.reject(new Error("worker lost")) });
    await expect(lost).rejects.toThrow("worker lost");
  });

  it("refuses more samples than were planned", async () => {
    await expect(vote(samplesOf("1", "2"), { planned: 1, same: identical })).rejects.toThrow("[OPTIONS_INVALID]");
  });

  it("decides and answers after every draw as all draws would (n up to 6)", async () => {
    const wrong: string[] = [];
    for (let n = 1; n <= 6; n++)
      for (const labels of canonicalSequences(n))
        for (let drawn = 1; drawn <= n; drawn++) {
          const samples = samplesFrom(labels.slice(0, drawn));
          const said = await vote(samples, { planned: n, same: identical });
          for (const threshold of thresholdsFor(n)) {
            const decision = decide(said, { threshold, drawn, planned: n });
            const answer = decision === "accept" ? samples.findIndex((sample) => sample.id === said.winner) : decision;
            if (decision === "sample" ? drawn === n : answer !== allDraws(labels, threshold))
              wrong.push(`[${labels}] after ${drawn} at ${threshold}: ${answer}`);
          }
        }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

const why = async (planned: number, ...values: Parameters<typeof samplesOf>): Promise<string> =>
  (await vote(samplesOf(...values), { planned, same: identical })).why;

describe("the evidence of a vote", () => {
  it("says what is still to come", async () => {
    expect(await why(8, "42", "42", "7", "42", "42", undefined)).toBe(
      "4 of 6 drawn agree on 42, 2 to come, 1 unreadable",
    );
    expect(await why(8)).toBe("none of 0 drawn has a readable answer, 8 to come");
  });

  it("says that nothing could be read", async () => {
    expect(await why(2, undefined, timeout)).toBe("none of 2 samples has a readable answer, 1 unreadable, 1 failed");
  });

  it("writes a value that is no string as JSON", async () => {
    expect(await why(1, { name: "go", to: [1, null] })).toBe('1 of 1 samples agree on {"name":"go","to":[1,null]}');
  });

  it("cuts a long value to 60 characters on one line, and no character in half", async () => {
    const said = await why(1, `x =\n${"😀".repeat(100)}`);
    const quoted = said.replace("1 of 1 samples agree on ", "");
    expect(quoted).toBe(`x = ${"😀".repeat(55)}…`);
  });
});
