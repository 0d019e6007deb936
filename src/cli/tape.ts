import type { DrawsFlags } from "./tape-draws.js";
import { Command } from "commander";
import { CopeError } from "../errors.js";
import { note, printJson, visible } from "./output.js";

/** `cope tape`: looks at recorded calls, carries them to another machine, and saves what is readable of a broken file. */
export function tapeCommand(): Command {
  const tape = new Command("tape").description(
    "recorded calls: look at them, carry them elsewhere, save a broken file",
  );
  const json = "one JSON document on stdout";

  tape
    .command("info")
    .description("how many calls a tape holds, of which models, and its size")
    .argument("<file>", "the tape")
    .option("--json", json)
    .action(async (file: string, options: { json?: boolean }) => {
      const [{ tapeInfo }, { recordingsOf }] = await Promise.all([
        import("../models/tape-info.js"),
        import("../evaluation/recordings.js"),
      ]);
      const { bytes, calls, unreadable, models } = tapeInfo(file);
      const recordings = recordingsOf(file);
      if (options.json) return printJson({ file, bytes, calls, unreadable, models, recordings });
      process.stdout.write(visible(`${file}: ${calls} calls, ${(bytes / 1e6).toFixed(1)} MB\n`));
      if (unreadable > 0) process.stdout.write(`  unreadable, asked again when needed: ${unreadable}\n`);
      for (const { model, calls: of, first, last } of models) {
        process.stdout.write(visible(`  ${model}: ${of}, ${first} to ${last}\n`));
      }
      for (const { id, data, seed, at, models: by, problems, draws } of recordings) {
        const roles = Object.entries(by).map(([role, { name }]) => `${role} ${name}`);
        const of = `${data}, seed ${seed}, ${at}: ${draws} draws of ${problems} problems; ${roles.join(", ")}`;
        process.stdout.write(visible(`  recording ${id}: ${of}\n`));
      }
    });

  tape
    .command("export")
    .description("write all calls as JSON lines, prompts and answers in clear")
    .argument("<file>", "the tape")
    .option("--out <file>", "where to; without it, to stdout")
    .option("--json", `${json}, with --out`)
    .action(async (file: string, options: { out?: string; json?: boolean }) => {
      const { out } = options;
      if (options.json && out === undefined) {
        const reason = "--json: without --out stdout holds the calls themselves.";
        throw new CopeError("OPTIONS_INVALID", reason, "give --out FILE, or leave out --json.");
      }
      const { exportTape } = await import("../models/tape-transfer.js");
      const calls = await exportTape(file, out ?? process.stdout);
      if (options.json) return printJson({ file, out, calls });
      note(`${calls} calls, with their prompts and answers in clear`);
    });

  tape
    .command("draws")
    .description("write the recorded draws of an evaluation: models' texts, values and grades, no prompts or questions")
    .argument("[file]", "the tape (default: the newest under ./runs)")
    .option("--out <file>", "where to: .jsonl, or .jsonl.gz compressed (default: beside the tape)")
    .option("--recording <id>", "which recording (default: the one begun last; cope tape info lists them)")
    .option("--sealed", "without texts: what models wrote and the tests that programs failed, as digests")
    .option("--json", json)
    .action(async (file: string | undefined, options: DrawsFlags) => {
      const { exportDraws } = await import("./tape-draws.js");
      const done = await exportDraws(file, options);
      if (options.json) return printJson(done);
      const { recording, draws, problems, bytes, unreadable } = done;
      process.stdout.write(
        visible(
          `${done.out}: ${draws} draws of ${problems} problems, ${Math.ceil(bytes / 1000)} kB, recording ${recording}\n`,
        ),
      );
      if (unreadable > 0) note(`${unreadable} rows hold no draw and were left out`);
    });

  tape
    .command("import")
    .description("add the calls of an export; what the tape holds already stays")
    .argument("<file>", "the tape; made where there is none")
    .argument("<from>", "what `cope tape export` wrote")
    .option("--json", json)
    .action(async (file: string, from: string, options: { json?: boolean }) => {
      const { importTape } = await import("../models/tape-transfer.js");
      const done = await importTape(file, from);
      if (options.json) return printJson({ file, ...done });
      process.stdout.write(`${done.added} added, ${done.known} known, ${done.refused.length} refused\n`);
      if (done.refused.length > 0) note(`no whole call: line ${done.refused.slice(0, 20).join(", ")}`);
    });

  tape
    .command("repair")
    .description("keep what is readable of a broken tape; the broken file is put aside")
    .argument("<file>", "the tape")
    .option("--json", json)
    .action(async (file: string, options: { json?: boolean }) => {
      const { repairTape } = await import("../models/tape-repair.js");
      const done = repairTape(file);
      if (options.json) return printJson({ file, ...done });
      const { kept, unchecked, dropped, aside } = done;
      process.stdout.write(visible(`${kept} calls kept, ${dropped} dropped; the broken file is ${aside}\n`));
      if (unchecked > 0) note(`${unchecked} of them are of an earlier format, whose answers have no checksum`);
    });

  return tape;
}
