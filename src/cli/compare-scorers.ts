import { command, flag, json, parse, stagesFlags } from "./flags.js";
import { printJson, visible } from "./output.js";

const flags = {
  ...stagesFlags,
  strategy: flag.text("<name>", "stage list whose first stage is looked at (default: cope)"),
  samples: flag.number("<n>", "samples of the stage (default: the stage's own)", ({ run }) => run.samples),
  atAccuracy: flag.number("<x>", "accuracy among accepted for which coverage is told (default: 0.9)", ({ z }) =>
    z.number().gt(0).max(1),
  ),
  json,
};

/** `cope compare-scorers`: every confidence on the same recorded samples. */
export const compareScorersCommand = () =>
  command({
    name: "compare-scorers",
    about: "which confidence tells right from wrong: every one on the same recorded samples",
    flags,
    async run(typed) {
      const options = await parse("compare-scorers", flags, typed);
      const [{ compareScorers, scorerTable }, { openRecording, stagesOf }] = await Promise.all([
        import("../evaluation/compare-scorers/index.js"),
        import("./recordings.js"),
      ]);
      const stages = stagesOf(options);
      const { tape, recorded } = await openRecording(options);
      const { samples, atAccuracy } = options;
      const compared = compareScorers(recorded, { samples, atAccuracy, stages });
      if (options.json) return printJson({ tape, recording: recorded.recording, ...compared });
      process.stdout.write(visible(scorerTable(compared)));
    },
  });
