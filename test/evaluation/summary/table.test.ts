import { describe, expect, it } from "vitest";
import { numberOf, percent, points, pOf } from "../../../src/evaluation/summary/format.js";
import { summarise, tableOf } from "../../../src/evaluation/summary/index.js";
import { call, draw, ended, evaluationOf } from "../outcomes.js";

const many = (n: number, hits: number, tokens: number) =>
  Array.from({ length: n }, (_, i) =>
    ended([draw({ right: i < hits, calls: [call("large", { inputTokens: tokens, outputTokens: 300 + (i % 7) })] })]),
  );

describe("the table", () => {
  const about = Array.from({ length: 160 }, (_, i) => ({ level: String(1 + (i % 5)) }));
  const methods = { "cascade-verify": many(160, 3, 900), cope: many(160, 130, 100), large: many(160, 160, 200) };
  const table = tableOf(summarise(evaluationOf(methods, { about }), { by: "level" }));
  const lines = table.split("\n");

  it("fits a terminal of 100 columns", () => {
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it("is markdown: every row has as many cells as its head", () => {
    const cells = (line: string) => line.split(/(?<!\\)\|/).length;
    const blocks = table.split("\n\n").filter((block) => block.startsWith("|"));
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) {
      const [head, rule, ...rows] = block.split("\n");
      expect(rule).toMatch(/^\|( -+:? \|)+$/);
      for (const row of [rule!, ...rows]) expect(cells(row)).toBe(cells(head!));
    }
  });

  it("says n, interval and verdict in a method's line, and never a p of 0", () => {
    const [line] = lines.filter((each) => each.startsWith("| cascade-verify"));
    expect(line).toMatch(/3\/160 .*2 \[1, 5\].*−98 \[−99, −9\d\].*inferior.*< 0\.0001/);
  });

  it("shows failed problems apart where there are some", () => {
    const lost = draw({ value: null, right: null, calls: [], failed: { code: "TIMEOUT", message: "" } });
    expect(tableOf(summarise(evaluationOf({ large: many(2, 1, 1) })))).not.toContain("| failed |");
    const some = tableOf(summarise(evaluationOf({ large: [...many(2, 1, 1), ended([lost])] })));
    expect(some).toMatch(/unread \| failed \|\n.*\n\| large +\| +1\/2 \|.* 0 \| +1 \|/);
  });

  it("keeps a name from ending its cell or line", () => {
    const odd = tableOf(summarise(evaluationOf({ "a|b\nc": many(1, 1, 1) })));
    expect(odd).toContain("| a\\|b c |");
  });
});

it.each([
  [numberOf(null), "–"],
  [numberOf(0), "0"],
  [numberOf(1370.4), "1,370"],
  [numberOf(42.06), "42.1"],
  [numberOf(0.857), "0.86"],
  [numberOf(0.00123), "0.0012"],
  [percent(0.005), "1"],
  [points(-0.001), "0"],
  [points(-0.126), "−13"],
  [points(0.026), "+3"],
  [pOf(0), "< 0.0001"],
  [pOf(0.0094), "0.0094"],
  [pOf(1), "1.00"],
])("a figure reads %s", (said, wanted) => expect(said).toBe(wanted));
