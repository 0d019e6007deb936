type Node = Record<string, unknown>;

/** Changes each schema of a JSON schema, inner ones first. Names of properties, and values, are not taken for schemas. */
export function mapSchema(schema: unknown, change: (node: Node) => Node): unknown {
  if (Array.isArray(schema)) return schema.map((one) => mapSchema(one, change));
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = (key: string, value: unknown) => {
    if (VALUES.has(key)) return value;
    if (!NAMED.has(key)) return mapSchema(value, change);
    return Object.fromEntries(Object.entries(value as Node).map(([name, one]) => [name, mapSchema(one, change)]));
  };
  return change(Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inner(key, value)])));
}

/** Words whose keys are names of the user's own. */
const NAMED = new Set(["properties", "$defs", "definitions", "patternProperties", "dependentSchemas"]);
const VALUES = new Set(["enum", "const", "default", "examples"]);
