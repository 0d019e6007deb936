import { expect, it } from "vitest";
import * as environments from "../../src/environments/index.js";

const { transcriptOf: _, ...moved } = environments;

it.each(Object.entries(moved as Record<string, (...given: never[]) => unknown>))(
  "%s says where ALFWorld's world is now",
  (name, call) => {
    expect(() => call()).toThrow(`[PACKAGE_MISSING] ${name} is not in langgraph-cope any more`);
    expect(() => call()).toThrow("bench/alfworld");
  },
);
