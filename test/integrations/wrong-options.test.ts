import { describe, expect, it } from "vitest";
import { CopeChatModel, copeMiddleware, copeTool, createCopeAgent } from "../../src/integrations/index.js";

const MAKERS: Readonly<Record<string, (options: never) => unknown>> = {
  copeMiddleware,
  copeTool,
  createCopeAgent: (options) => createCopeAgent(options),
  CopeChatModel: (options) => new CopeChatModel(options),
};

describe.each(Object.keys(MAKERS))("%s", (name) => {
  it.each([null, "options", 5, true, [], () => ({}), { large: 5 }, { journal: {} }, { stages: 3 }, { samples: "8" }])(
    "refuses %j by a coded error with a remedy",
    (options) => {
      const made = () => MAKERS[name]!(options as never);
      expect(made).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID", remedy: expect.stringMatching(/\S/) }));
    },
  );
});

it.each([{ journalTools: "yes" }, { toolErrors: "hide" }, { mayRepeat: 1 }, { answers: "none" }, { tools: [] }])(
  "copeMiddleware names the option that is wrong: %j",
  (options) => {
    expect(() => copeMiddleware(options as never)).toThrow(Object.keys(options)[0]);
  },
);
