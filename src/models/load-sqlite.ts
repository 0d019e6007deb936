import { CopeError } from "../errors.js";

type Sqlite = typeof import("node:sqlite");

let loaded: Sqlite | undefined;

/**
 * Node's own SQLite, loaded on first use.
 *
 * Node 22 announces it as experimental at loading; that one warning says nothing to a user of this library and is kept
 * from the terminal. Every other warning passes.
 *
 * @throws CopeError `NODE_TOO_OLD` where Node has no SQLite (before 22.13).
 */
export function loadSqlite(): Sqlite {
  if (loaded) return loaded;
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("SQLite is an experimental feature"))
      Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    loaded = process.getBuiltinModule?.("node:sqlite");
  } finally {
    process.emitWarning = emit;
  }
  if (loaded) return loaded;
  const reason = `Node ${process.versions.node} has no SQLite, which tape, journal and checkpoints are kept in.`;
  throw new CopeError("NODE_TOO_OLD", reason, "use Node 22.13 or newer.");
}
