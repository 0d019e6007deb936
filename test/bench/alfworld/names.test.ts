import { describe, expect, it } from "vitest";
import { namesOf } from "../../../bench/alfworld/engine/names.js";

describe("names of objects", () => {
  it("are kinds with numbers that fall in the order of the ids", () => {
    const ids = ["desk_bar__plus_01", "desk_bar__minus_01", "desk_bar__plus_00", "bed_bar__minus_02"];
    expect(Object.fromEntries(namesOf(ids))).toEqual({
      desk_bar__minus_01: "desk 3",
      desk_bar__plus_00: "desk 2",
      desk_bar__plus_01: "desk 1",
      bed_bar__minus_02: "bed 1",
    });
  });

  it("tell a basin from the sink it is in", () => {
    const names = namesOf(["sink_bar_1", "sink_bar_1_bar_sinkbasin"]);
    expect([...names.values()]).toEqual(["sink 1", "sinkbasin 1"]);
  });

  it("are the ids of what has no place", () => {
    expect(namesOf(["agent1", "agent1"])).toEqual(new Map([["agent1", "agent1"]]));
  });
});
