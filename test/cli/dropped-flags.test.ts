import { expect, test } from "vitest";
import { calibrateCommand } from "../../src/cli/calibrate.js";
import { replayCommand } from "../../src/cli/replay.js";

const parse = (command: ReturnType<typeof replayCommand>, args: readonly string[]) =>
  command.parseAsync([...args], { from: "user" });

test.each([
  [["--check", "new.jsonl", "--at-least-accuracy", "0.9"], "--at-least-accuracy"],
  [["--check", "new.jsonl", "--no-labels"], "--no-labels"],
  [["--check", "new.jsonl", "--out", "x.json"], "--out"],
  [["--at-least-accuracy", "0.9", "--limit", "5"], "--limit goes with --check alone"],
  [["--at-least-accuracy", "0.9", "--calibration", "c.json"], "--calibration goes with --check alone"],
  [["--at-least-accuracy", "0.9", "--price", "openai:x=1,2"], "without --usd"],
  [["--at-least-accuracy", "2"], '--at-least-accuracy: at most 1 is needed, "2" is given'],
])("calibrate passes no flag over in silence: %j", async (args, said) => {
  await expect(
    parse(
      calibrateCommand(() => {}),
      args,
    ),
  ).rejects.toThrow(said);
});

test.each([
  [["--methods", "large", "--thresholds", "0.5,0.5"], "--thresholds is for cope"],
  [["--methods", "cope,large", "--strategy", "cope:s1s2"], "--strategy is for cope:s1s2"],
  [["--study", "plans", "--samples", "4"], "--study has methods"],
])("replay passes no flag over in silence: %j", async (args, said) => {
  await expect(parse(replayCommand(), args)).rejects.toThrow(said);
});
