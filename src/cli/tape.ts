import { command, group, json, on, text, wrong } from "./flags.js";
import { note, printJson, visible } from "./output.js";

const infoCommand = () =>
  command({
    name: "info",
    about: "how many calls a tape holds, of which models, and its size",
    args: { "<file>": "the tape" },
    flags: { json },
    async run(typed, file: string) {
      const [{ tapeInfo }, { recordingsOf }] = await Promise.all([
        import("../storage/tape-info.js"),
        import("../evaluation/recordings/read.js"),
      ]);
      const { bytes, calls, unreadable, models } = tapeInfo(file);
      const recordings = recordingsOf(file);
      if (typed.json) return printJson({ file, bytes, calls, unreadable, models, recordings });
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
    },
  });

const exportCommand = () =>
  command({
    name: "export",
    about: "write all calls as JSON lines, prompts and answers in clear",
    args: { "<file>": "the tape" },
    flags: {
      out: text("<file>", "where to; without it, to stdout"),
      json: on(`${json.about}, with --out`),
    },
    async run({ out, json: asJson }, file: string) {
      if (asJson && out === undefined)
        throw wrong(
          "--json: without --out stdout holds the calls themselves.",
          "give --out FILE, or leave out --json.",
        );
      const { exportTape } = await import("../storage/tape-transfer.js");
      const calls = await exportTape(file, out ?? process.stdout);
      if (asJson) return printJson({ file, out, calls });
      note(`${calls} calls, with their prompts and answers in clear`);
    },
  });

const drawsCommand = () =>
  command({
    name: "draws",
    about: "write the recorded draws of an evaluation: models' texts, values and grades, no prompts or questions",
    args: { "[file]": "the tape (default: the newest under ./runs)" },
    flags: {
      out: text("<file>", "where to: .jsonl, or .jsonl.gz compressed (default: beside the tape)"),
      recording: text("<id>", "which recording (default: the one begun last; cope tape info lists them)"),
      sealed: on("without texts: what models wrote and the tests that programs failed, as digests"),
      json,
    },
    async run(typed, file?: string) {
      const [{ defaultTape, folderOf }, { isExport, sealed, writeExport }, { readStored }, { statSync }] =
        await Promise.all([
          import("./recordings.js"),
          import("../evaluation/recordings/draws-file.js"),
          import("../evaluation/recordings/read.js"),
          import("node:fs"),
        ]);
      const tape = file ?? defaultTape();
      const out = typed.out ?? `${folderOf(tape)}.draws.jsonl.gz`;
      if (!isExport(out))
        throw wrong(
          `--out: ${out} does not end in .jsonl or .jsonl.gz.`,
          "name a file that does, for example --out draws.jsonl.gz.",
        );
      const { recording, problems: all, draws: rows, unknown, unreadable } = readStored(tape, typed.recording);
      const known = new Set(rows.map(({ problem }) => problem));
      const whole = { recording, problems: all.filter(({ id }) => known.has(id)), draws: rows, unknown };
      await writeExport(out, typed.sealed ? sealed(whole) : whole);
      const [problems, draws, bytes] = [whole.problems.length, rows.length, statSync(out).size];
      if (typed.json) return printJson({ tape, out, recording: recording.id, problems, draws, bytes, unreadable });
      const size = `${draws} draws of ${problems} problems, ${Math.ceil(bytes / 1000)} kB`;
      process.stdout.write(visible(`${out}: ${size}, recording ${recording.id}\n`));
      if (unreadable > 0) note(`${unreadable} rows hold no draw and were left out`);
    },
  });

const importCommand = () =>
  command({
    name: "import",
    about: "add the calls of an export; what the tape holds already stays",
    args: { "<file>": "the tape; made where there is none", "<from>": "what `cope tape export` wrote" },
    flags: { json },
    async run(typed, file: string, from: string) {
      const { importTape } = await import("../storage/tape-transfer.js");
      const done = await importTape(file, from);
      const { added, known, refused } = done;
      if (typed.json) return printJson({ file, ...done });
      process.stdout.write(`${added} added, ${known} known, ${refused.length} refused\n`);
      if (refused.length > 0) note(`no whole call: line ${refused.slice(0, 20).join(", ")}`);
    },
  });

const repairCommand = () =>
  command({
    name: "repair",
    about: "keep what is readable of a broken tape; the broken file is put aside",
    args: { "<file>": "the tape" },
    flags: { json },
    async run(typed, file: string) {
      const { repairTape } = await import("../storage/tape-repair.js");
      const done = repairTape(file);
      if (typed.json) return printJson({ file, ...done });
      const { kept, unchecked, dropped, aside } = done;
      process.stdout.write(visible(`${kept} calls kept, ${dropped} dropped; the broken file is ${aside}\n`));
      if (unchecked > 0) note(`${unchecked} of them are of an earlier format, whose answers have no checksum`);
    },
  });

/** `cope tape`: looks at recorded calls, carries them to another machine, and saves what is readable of a broken file. */
export const tapeCommand = () =>
  group("tape", "recorded calls: look at them, carry them elsewhere, save a broken file", [
    infoCommand(),
    exportCommand(),
    drawsCommand(),
    importCommand(),
    repairCommand(),
  ]);
