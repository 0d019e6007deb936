import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { CopeError } from "../../errors.js";
import { makeFolder } from "../../files.js";
import { downloadFromHub, hubUrl } from "../../models/llama/hub.js";
import { PartFile } from "../../models/llama/part-file.js";
import { withLock } from "../../models/file-lock.js";
import { askHub } from "./hub-retry.js";
import { downloadRows, type RowsOptions } from "./hub-rows.js";
import type { HubSource } from "./known.js";

/** Milliseconds within which the hub must begin to answer. */
const TIMEOUT_MS = 30_000;

/** How a data set is downloaded. */
export type FetchOptions = Omit<RowsOptions, "byHand">;

/**
 * Downloads a data set into a data folder, unless it is there. An unfinished download is gone on with; two processes do
 * not write the same one at a time.
 *
 * @param folder - the data folder, which need not exist yet
 * @throws CopeError as `askHub` does; `PULL_FAILED`, `CHECKSUM_MISMATCH`, `DISK_FULL`; the signal's reason when aborted
 */
export async function fetchData(source: HubSource, folder: string, options: FetchOptions = {}): Promise<void> {
  if (source.kind === "rows") {
    const by = { ...options, byHand: byHand(source.local) };
    await once(join(folder, source.local), options, async (part, signal) => {
      await downloadRows(source, part, { ...by, signal });
      await part.finish({}, source.dataset);
    });
    return;
  }
  for (const { local, remote, optional } of source.files) {
    try {
      await once(join(folder, local), options, async (part, signal) => {
        const file = { repo: source.repo, file: remote };
        const how = { endpoint: options.endpoint, timeoutMs: TIMEOUT_MS, signal };
        const again = { ...options, signal };
        const ask = () => downloadFromHub(file, {}, part, how);
        const expected = await askHub(`${source.repo}/${remote}`, byHand(local), ask, again);
        await part.finish(expected, hubUrl(file, options.endpoint));
      });
    } catch (error) {
      const absent = CopeError.isInstance(error) && error.code === "FILE_NOT_FOUND";
      if (!optional || !absent) throw error;
    }
  }
}

type Work = (part: PartFile, signal: AbortSignal) => Promise<void>;

async function once(path: string, { signal }: FetchOptions, work: Work): Promise<void> {
  makeFolder(dirname(path));
  const run = async (lockSignal: AbortSignal) => {
    // Another process may have written it while this one waited.
    if (existsSync(path)) return;
    const part = await PartFile.open(path);
    try {
      await work(part, lockSignal);
    } finally {
      await part.close();
    }
  };
  if (!existsSync(path)) await withLock(`${path}.lock`, run, { signal });
}

const byHand = (local: string): string =>
  `put the file at $COPE_DATA/${local} (COPE_DATA names a folder of data sets).`;
