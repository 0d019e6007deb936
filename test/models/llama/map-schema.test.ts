import { describe, expect, it } from "vitest";
import { mapSchema } from "../../../src/models/llama/map-schema.js";
import { templateFunctions } from "../../../src/models/llama/tools.js";

describe("a change of each schema in a schema", () => {
  it("reaches inner schemas, and leaves names of properties and values as they are", () => {
    const schema = {
      type: "object",
      pattern: "x",
      properties: { pattern: { type: "string", pattern: "y" }, list: { items: [{ pattern: "z" }] } },
      default: { pattern: "kept" },
    };
    expect(mapSchema(schema, ({ pattern: _pattern, ...rest }) => rest)).toEqual({
      type: "object",
      properties: { pattern: { type: "string" }, list: { items: [{}] } },
      default: { pattern: "kept" },
    });
  });
});

describe("tools as a template tells of them", () => {
  it("are told without what only a validator reads", () => {
    const parameters = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        date: { type: "string", format: "date", pattern: "^\\d{4}", description: "as 2026-03-02" },
        time: { type: "string", pattern: "^\\d\\d:\\d\\d$" },
        more: { type: "object", additionalProperties: { type: "number" } },
      },
      required: ["date"],
      additionalProperties: false,
    };
    expect(templateFunctions([{ name: "add_event", description: "Adds.", parameters }])).toEqual({
      add_event: {
        description: "Adds.",
        params: {
          type: "object",
          properties: {
            date: { type: "string", format: "date", description: "as 2026-03-02" },
            time: { type: "string", pattern: "^\\d\\d:\\d\\d$" },
            more: { type: "object", additionalProperties: { type: "number" } },
          },
          required: ["date"],
        },
      },
    });
  });
});
