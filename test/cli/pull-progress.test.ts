import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { progressView, type Screen } from "../../src/cli/pull-progress.js";

beforeEach(() => vi.stubEnv("TERM", "xterm"));
afterEach(() => vi.unstubAllEnvs());

const TOTAL = 500e6;
/** A screen that keeps what is written, and a view whose clock a second passes on at each drawing. */
function screen(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  const write = (text: string) => written.push(text.replaceAll("\x1b[K", "<clear>")) > 0;
  let time = 0;
  const view = progressView(
    "a-model-with-a-name",
    { isTTY, columns, write } as unknown as Screen,
    () => (time += 1000),
  );
  const pull = (source: "mirror" | "hub" = "hub") => {
    for (let bytes = 0; bytes <= TOTAL; bytes += 5e6) view.show({ source, bytes, total: TOTAL });
  };
  return { written, view, pull };
}

it("draws one line on a terminal, with amount, speed and time left", () => {
  const { written, view, pull } = screen(true, 100);
  pull();
  view.end();
  expect(written[20]).toMatch(
    /^\ra-model-with-a-name: {2}20 %, 100 of 500 MB, \d\.\d MB\/s, \d+:\d\d left, from the model hub<clear>$/,
  );
  expect(written.join("").match(/\n/g)).toHaveLength(1);
  expect(written.join("").endsWith("\n")).toBe(true);
});

it.each([1, 5, 8, 12, 20, 30, 45, 60, 80])("never writes past the end of a window of %i columns", (columns) => {
  const { written, pull } = screen(true, columns);
  pull();
  for (const text of written) expect(text.replaceAll(/\r|<clear>/g, "").length).toBeLessThan(Math.max(columns, 1));
});

it("writes a notice on a line of its own, and draws the progress again below", () => {
  const { written, view } = screen(true, 80);
  view.show({ source: "hub", bytes: 5e6, total: TOTAL });
  written.length = 0;
  view.note("The hub failed.");
  expect(written.join("")).toMatch(/^\r<clear>The hub failed\.\na-model-with-a-name: {3}1 %/);
});

it("writes at most a plain line for a tenth part in a pipe, also when the source changes", () => {
  const { written, view, pull } = screen(false);
  pull("mirror");
  pull("hub");
  view.end();
  expect(written).toHaveLength(11);
  expect(written[3]).toBe("a-model-with-a-name: 150 of 500 MB (30 %) from a mirror\n");
  expect(written.join("")).not.toMatch(/\r|<clear>|\p{Cc}(?<!\n)/u);
});

it("is plain on a terminal that cannot move its cursor, and without percents where the size is unknown", () => {
  vi.stubEnv("TERM", "dumb");
  const { written, view } = screen(true, 80);
  view.show({ source: "mirror", bytes: 5e6, total: 0 });
  expect(written).toEqual(["a-model-with-a-name: 5 MB from a mirror\n"]);
});
