import { statSync } from "node:fs";
import { Command } from "commander";
import { note, printJson } from "./output.js";

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
      const { openExisting } = await import("../models/tape-transfer.js");
      const { guarded } = await import("../models/sqlite-errors.js");
      const db = openExisting(file);
      const models = guarded(file, () =>
        db
          .prepare("SELECT model, count(*) AS calls, min(at) AS first, max(at) AS last FROM calls GROUP BY model")
          .all(),
      );
      db.close();
      const { size: bytes } = statSync(file);
      const calls = models.reduce((sum, row) => sum + Number(row["calls"]), 0);
      if (options.json) return printJson({ file, bytes, calls, models });
      process.stdout.write(`${file}: ${calls} calls, ${(bytes / 1e6).toFixed(1)} MB\n`);
      for (const { model, calls: of, first, last } of models) {
        process.stdout.write(`  ${model}: ${of}, ${first} to ${last}\n`);
      }
    });

  tape
    .command("export")
    .description("write all calls as JSON lines, prompts and answers in clear")
    .argument("<file>", "the tape")
    .option("--out <file>", "where to; without it, to stdout")
    .action(async (file: string, { out }: { out?: string }) => {
      const { exportTape } = await import("../models/tape-transfer.js");
      const written = await exportTape(file, out ?? process.stdout);
      note(`${written} calls`);
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
      process.stdout.write(`${done.kept} calls kept, ${done.dropped} dropped; the broken file is ${done.aside}\n`);
    });

  return tape;
}
