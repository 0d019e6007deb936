import { isIP } from "node:net";
import { z } from "zod";
import { CopeError } from "../../errors.js";
import { hubBase, hubToken } from "../../models/llama/hub.js";
import type { PartFile } from "../../models/llama/part-file.js";
import { askHub, type RetryOptions } from "./hub-retry.js";

/** Rows in a page: the most that the server hands out. */
const PAGE = 100;
/** Times that a download begins anew because the data set changed meanwhile. */
const RESTARTS = 3;
const TIMEOUT_MS = 30_000;

/** How rows are fetched. */
export interface RowsOptions extends RetryOptions {
  /** The hub's address. @default `HF_ENDPOINT`, else the public hub */
  endpoint?: string;
  /** What a user without the hub can do, a sentence. */
  byHand: string;
  onRows?(done: number, total: number): void;
}

/** A part of a data set on the hub. */
export interface RowsSource {
  dataset: string;
  config: string;
  /** Written one after the other. */
  splits: readonly string[];
}

const Page = z.object({
  rows: z.array(
    z.object({
      row_idx: z.int(),
      row: z.record(z.string(), z.unknown()),
      truncated_cells: z.array(z.string()).default([]),
    }),
  ),
  num_rows_total: z.int(),
  partial: z.boolean().default(false),
});

/**
 * Writes the rows of a data set into `part` as JSON lines, page by page, from the hub's rows server
 * (https://huggingface.co/docs/dataset-viewer/rows). Goes on behind the last whole page of an earlier, unfinished
 * download, and begins anew where the data set has another revision by now.
 *
 * @throws CopeError as `askHub` does; `PULL_FAILED` where what the server sends is not the whole data set
 */
export async function downloadRows(source: RowsSource, part: PartFile, options: RowsOptions): Promise<void> {
  for (let i = 0; i < RESTARTS; i += 1) if (await fill(source, part, options)) return;
  throw failed(source, "it changes while it is read", options);
}

/** @returns false where the data set changed, and what was there is forgotten. */
async function fill(source: RowsSource, part: PartFile, options: RowsOptions): Promise<boolean> {
  const { dataset, config, splits } = source;
  const server = rowsServer(options.endpoint);
  const address = `${server}/rows?${new URLSearchParams({ dataset, config, split: splits.join(" ") })}`;
  let done = part.origin?.source === address ? (part.origin.pieces?.done ?? 0) : 0;
  let before = 0;
  for (const split of splits) {
    let total: number;
    do {
      // Behind the end where this split is already here: the empty page still tells how many rows it has.
      const offset = done - before;
      const { page, revision } = await askPage(server, { dataset, config, split }, offset, options);
      const origin = { source: address, validator: revision };
      await part.from({ ...origin, pieces: { done, bytes: part.bytes } });
      if (done > 0 && part.bytes === 0) {
        await part.from({ ...origin, pieces: { done: 0, bytes: 0 } });
        return false;
      }
      total = page.num_rows_total;
      if (offset < total) {
        const fault = faultOf(page, offset);
        if (fault) throw failed(source, fault, options);
        await part.write(Buffer.from(page.rows.map(({ row }) => `${JSON.stringify(row)}\n`).join("")));
        done += page.rows.length;
        await part.from({ ...origin, pieces: { done, bytes: part.bytes } });
        options.onRows?.(done, before + total);
      }
    } while (done - before < total);
    before += total;
  }
  return true;
}

function askPage(
  server: string,
  part: Record<"dataset" | "config" | "split", string>,
  from: number,
  options: RowsOptions,
) {
  const query = new URLSearchParams({ ...part, offset: String(from), length: String(PAGE) });
  return askHub(part.dataset, options.byHand, () => getPage(`${server}/rows?${query}`, options.signal), options);
}

async function getPage(url: string, stop: AbortSignal | undefined) {
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(stop ? [stop] : [])]);
  const token = hubToken();
  const response = await fetch(url, { headers: token ? { authorization: `Bearer ${token}` } : {}, signal });
  const text = await response.text();
  if (!response.ok) {
    const { status, headers } = response;
    throw Object.assign(new Error(`it answered ${status}: ${text.slice(0, 200)}`), { status, headers });
  }
  const page = Page.safeParse(jsonIn(text));
  if (page.success) return { page: page.data, revision: response.headers.get("x-revision") ?? undefined };
  throw new CopeError("PULL_FAILED", `${new URL(url).host} answered no page of rows.`, "check HF_ENDPOINT.");
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What of a page would make a data set that only looks whole. */
function faultOf({ rows, partial, num_rows_total }: z.infer<typeof Page>, offset: number): string | undefined {
  if (partial) return "the server holds only a part of it";
  if (rows.length === 0) return `no row came after ${offset} of ${num_rows_total}`;
  const cut = rows.find((row) => row.truncated_cells.length > 0);
  if (cut) return `the server cut ${cut.truncated_cells.join(", ")} of row ${cut.row_idx}`;
  if (rows.some((row, i) => row.row_idx !== offset + i)) return `other rows came than those after ${offset}`;
  return undefined;
}

function failed({ dataset }: RowsSource, why: string, { byHand }: RowsOptions): CopeError {
  return new CopeError("PULL_FAILED", `${dataset}: ${why}.`, byHand[0]!.toUpperCase() + byHand.slice(1));
}

/**
 * Address of the rows server that belongs to a hub: its sub-domain `datasets-server`, as Hugging Face's own library has
 * it. A bare address can have no sub-domain and is asked itself.
 */
export function rowsServer(endpoint?: string): string {
  const url = new URL(hubBase(endpoint));
  const bare = isIP(url.hostname.replace(/^\[|\]$/g, "")) > 0 || url.hostname === "localhost";
  if (!bare) url.hostname = `datasets-server.${url.hostname}`;
  return url.href.replace(/\/+$/, "");
}
