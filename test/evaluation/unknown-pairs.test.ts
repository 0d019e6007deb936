import { join } from "node:path";
import { expect, it } from "vitest";
import type { Draw } from "../../src/evaluation/draw.js";
import { readRecording } from "../../src/evaluation/recorded.js";
import { seriesOf } from "../../src/evaluation/series.js";
import { openDraws } from "../../src/evaluation/store.js";
import { families } from "../../src/families/index.js";
import { UNKNOWN } from "../../src/scorers/classes.js";
import { temporaryFolder } from "../support/folder.js";

it("a pair that was unknown when it was recorded is unknown in the replay, in either order", async () => {
  const file = join(temporaryFolder(), "tape.sqlite");
  const store = openDraws(file);
  const about = { id: "r", version: 1 as const, data: "d", family: "choice", models: {}, seed: 0, logprobs: false };
  store.begin({ ...about, at: new Date(0).toISOString() }, [{ id: "p", about: {} }]);
  const series = seriesOf({ name: "small", execute: { by: "small", samples: 3, temperature: 0 } });
  const values = ["yes", "no", "yes"];
  for (const [index, value] of values.entries()) {
    const place = { problem: "p", series: series.id, given: "", index };
    await store.put("r", { ...place, calls: [], text: "", value, right: null } satisfies Draw);
  }
  await store.keepUnknown("r", "p", [["no", "yes"]]);
  await store.keepUnknown("r", "p", [["no", "yes"]]);
  expect(store.unknown("r")).toEqual([{ problem: "p", pair: ["no", "yes"] }]);
  store.close();

  const { views } = await readRecording(file, { family: families["choice"]!() });
  expect(views[0]!.labels(views[0]!.prefix(series, {}, 3))).toEqual([0, UNKNOWN, 0]);
});
