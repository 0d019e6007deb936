import { serve, type Handler, type Hub } from "../../models/llama/hub-server.js";

/** What the hub's rows server answers for one page; a function of it may spoil it. */
export interface RowsPage {
  rows: { row_idx: number; row: unknown; truncated_cells: string[] }[];
  num_rows_total: number;
  num_rows_per_page: number;
  partial: boolean;
}

/** Splits of a data set by name, and how single requests are spoilt. */
export interface RowsServer {
  splits: Record<string, readonly unknown[]>;
  /** Stands in for the data set's commit. */
  revision?: () => string;
  /** Takes over a request by its number, from 0; returns false to leave it. */
  instead?(count: number, ...rest: Parameters<Handler>): boolean;
  spoil?(page: RowsPage): void;
}

/** Starts a server that speaks the protocol of https://huggingface.co/docs/dataset-viewer/rows */
export function serveRows({ splits, revision, instead, spoil }: RowsServer): Promise<Hub> {
  return serve((request, response, count) => {
    if (instead?.(count, request, response, count)) return;
    const url = new URL(request.url!, "http://localhost");
    const all = splits[url.searchParams.get("split") ?? ""];
    if (url.pathname !== "/rows" || !all) {
      response.writeHead(404).end('{"error":"The dataset does not exist."}');
      return;
    }
    const offset = Number(url.searchParams.get("offset"));
    const length = Math.min(Number(url.searchParams.get("length")), 100);
    const rows = all.slice(offset, offset + length);
    const page: RowsPage = {
      rows: rows.map((row, i) => ({ row_idx: offset + i, row, truncated_cells: [] })),
      num_rows_total: all.length,
      num_rows_per_page: 100,
      partial: false,
    };
    spoil?.(page);
    const headers = { "content-type": "application/json", "x-revision": revision?.() ?? "c0ffee" };
    response.writeHead(200, headers).end(JSON.stringify(page));
  });
}
