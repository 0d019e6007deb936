import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { memoryJournal, type Journal } from "../../src/index.js";

/** What survives a process: what was written before it died. */
export interface Mortal {
  saver: BaseCheckpointSaver;
  journal: Journal;
  /** From now on nothing is written any more and nobody gets an answer. */
  die(): void;
  dead: Promise<void>;
}

/**
 * A saver and a journal of a process that can die: they write through to `saver` and `journal`, which a second process
 * then opens, until the death. The first process's run hangs from there on, as it would.
 */
export function mortal(saver: BaseCheckpointSaver, journal: Journal = memoryJournal()): Mortal {
  const { promise: dead, resolve: die } = Promise.withResolvers<void>();
  let alive = true;
  const whileAlive = <T extends object>(target: T, writes: readonly (keyof T)[]): T =>
    new Proxy(target, {
      get(it, name) {
        const value = Reflect.get(it, name) as unknown;
        if (typeof value !== "function") return value;
        const method = value.bind(it) as (...args: unknown[]) => unknown;
        if (!writes.includes(name as keyof T)) return method;
        return (...args: unknown[]) => (alive ? method(...args) : new Promise(() => {}));
      },
    });
  return {
    saver: whileAlive(saver, ["put", "putWrites"]),
    journal: whileAlive(journal, ["read", "write", "forget"]),
    die() {
      alive = false;
      die();
    },
    dead,
  };
}
