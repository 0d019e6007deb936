import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CopeError } from "../errors.js";
import { assertSameModels, driftOf } from "../evaluation/calibrate/drift.js";
import { loadProblems } from "../evaluation/data/load.js";
import { subset } from "../evaluation/data/subset.js";
import { evaluate } from "../evaluation/evaluate.js";
import { createCascade } from "../evaluation/methods/cascade.js";
import { createLarge } from "../evaluation/methods/plain.js";
import { readRecording, type Recorded } from "../evaluation/recorded.js";
import { readCalibration } from "../graph/calibration.js";
import type { Calibration } from "../state/calibration.js";
import type { CalibrateFlags } from "./calibrate-flags.js";
import { number, pricesOf } from "./calibrate-options.js";
import { driftText } from "./calibrate-text.js";
import { evalView } from "./eval-progress.js";
import { abortable } from "./interrupt.js";
import { EXIT, note, printJson, typed, visible } from "./output.js";
import { sameCommand } from "./quoted.js";
import { openRecording } from "./replay-run.js";
import { tapeFor } from "./runs-folder.js";

type CheckFlags = CalibrateFlags & { check: string; calibration: string };

/** Runs `cope calibrate --check`, and returns the exit code: 0 also where the data have drifted, which is a result. */
export async function checkRun(flags: CheckFlags): Promise<number> {
  const calibration = readCalibration(flags.calibration);
  const prices = pricesOf(flags.price);
  const { recording } = flags;
  const recorded = (await isRecording(flags.check))
    ? await openRecording({ tape: flags.check, recording, data: flags.data, limit: undefined })
    : await recordNew(calibration, flags, prices);
  const drift = driftOf(calibration, recorded, { prices });
  if (flags.json) printJson(drift);
  else process.stdout.write(visible(driftText(drift)));
  return EXIT.done;
}

/** Whether a file is a tape or an export of draws; anything else is a data set. */
async function isRecording(file: string): Promise<boolean> {
  const beginning = await beginningOf(file);
  return beginning.startsWith("SQLite format 3") || beginning.startsWith('{"format":"langgraph-cope draws"');
}

/** The first bytes of a file, unpacked; nothing where it cannot be read, which its reader will tell. */
async function beginningOf(file: string): Promise<string> {
  const bytes = createReadStream(file);
  const text = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  bytes.on("error", () => text.destroy());
  try {
    for await (const chunk of text) return String((chunk as Buffer).subarray(0, 64));
    return "";
  } catch {
    return "";
  } finally {
    bytes.destroy();
  }
}

/** Runs the calibrated stages on new problems, and keeps what they drew. */
async function recordNew(
  calibration: Calibration,
  flags: CheckFlags,
  prices: ReturnType<typeof pricesOf>,
): Promise<Recorded> {
  const { name, stages, guideline: style, family, labels, seed } = calibration;
  const set = await loadProblems(flags.check, { family, unlabelled: labels === "large" });
  if (set.refused.length > 0 && !flags.json)
    note(`${set.refused.length} rows of ${flags.check} are no problems: left out`);
  const limit = number("limit", flags.limit);
  const problems = subset(set.problems, limit === undefined ? {} : { limit });
  const methods = [
    createCascade({ name: "calibrated", about: name, stages, style }),
    ...(labels === "large" ? [createLarge()] : []),
  ];
  const models = modelsOf(calibration, flags);
  const data = `check-${set.name}`;
  const tape = flags.tape ?? tapeFor(data, [flags.check, ...Object.values(models)]);
  const view = flags.json ? undefined : evalView();
  const goOn = `what was drawn is kept; go on with: ${typed(sameCommand())}`;
  const evaluation = await abortable(
    (signal) =>
      evaluate({
        data,
        problems,
        methods,
        models,
        tape,
        family,
        seed,
        prices,
        signal,
        // Before the first call is paid.
        onBegin: ({ recording }) => assertSameModels(calibration, recording),
        ...(view ? { onProgress: view.show } : {}),
      }).finally(() => view?.end()),
    goOn,
  );
  return only(
    await readRecording(tape, { recording: evaluation.recording.id }),
    evaluation.problems.map(({ id }) => id),
  );
}

/** The problems of this check alone: an earlier one may have recorded more. */
function only(recorded: Recorded, ids: readonly string[]): Recorded {
  const kept = recorded.problems.flatMap(({ id }, i) => (ids.includes(id) ? [i] : []));
  return { ...recorded, problems: kept.map((i) => recorded.problems[i]!), views: kept.map((i) => recorded.views[i]!) };
}

function modelsOf({ models }: Calibration, flags: CheckFlags): Record<string, string> {
  const given: Record<string, string | undefined> = { small: flags.small, large: flags.large };
  return Object.fromEntries(
    Object.entries(models).map(([role, { name }]) => {
      const model = given[role] ?? name;
      if (!model.startsWith("openai-compatible:")) return [role, model];
      const reason = `the calibration was made with ${name} as "${role}", and where its server is, it does not say.`;
      const remedy = `add --${role} openai:${name.slice(name.indexOf(":") + 1)}@http://HOST:PORT/v1.`;
      throw new CopeError("OPTIONS_INVALID", reason, remedy);
    }),
  );
}
