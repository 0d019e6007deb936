import { expect, it, onTestFinished, vi } from "vitest";

/** Loads the module afresh over a Node whose built-in modules `get` gives. */
async function loadOver(get: (id: string) => unknown) {
  vi.resetModules();
  const real = process.getBuiltinModule;
  const warned: string[] = [];
  const listener = vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warned.push(String(warning)));
  process.getBuiltinModule = get as typeof real;
  onTestFinished(() => {
    process.getBuiltinModule = real;
    listener.mockRestore();
  });
  const { loadSqlite } = await import("../../src/models/load-sqlite.js");
  return { loadSqlite, warned };
}

it("keeps the notice that SQLite is experimental from the terminal, and nothing else", async () => {
  const sqlite = process.getBuiltinModule("node:sqlite");
  const { loadSqlite, warned } = await loadOver(() => {
    process.emitWarning("SQLite is an experimental feature and might change at any time", "ExperimentalWarning");
    process.emitWarning("Something else is an experimental feature", "ExperimentalWarning");
    return sqlite;
  });
  expect(loadSqlite()).toBe(sqlite);
  process.emitWarning("after loading: SQLite is an experimental feature");
  expect(warned).toEqual([
    "Something else is an experimental feature",
    "after loading: SQLite is an experimental feature",
  ]);
});

it("says which Node is needed where there is no SQLite", async () => {
  const { loadSqlite } = await loadOver(() => undefined);
  expect(loadSqlite).toThrow(expect.objectContaining({ code: "NODE_TOO_OLD", remedy: "use Node 22.13 or newer." }));
});
