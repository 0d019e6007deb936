import type { ErrorObject } from "ajv";
import type { JsonObject, ToolSpec } from "../../state/tool.js";
import { schemaChecker } from "../choice/schema.js";
import { canonical, type JsonObject as Schema } from "../choice/canonical.js";
import { callSet, type ActionCall } from "./value.js";

/**
 * Calls in one form for equal ones: arguments in the schema's order, numbers by value, left-out fields filled by the schema's
 * defaults, and all calls as a set. One that cannot be made spoils them all: half of an action is another action.
 *
 * @returns the calls, or why they cannot be made
 */
export function validCalls(
  calls: readonly { name: string; args: unknown }[],
  tools: readonly ToolSpec[],
): ActionCall[] | string {
  const valid: ActionCall[] = [];
  for (const { name, args } of calls) {
    const tool = tools.find((one) => one.name === name);
    if (!tool) return `there is no tool ${JSON.stringify(name)}`;
    const checker = checkerOf(tool);
    if (typeof checker === "string") return `the schema of ${name}: ${checker}`;
    if (canonical(args) === undefined)
      return `${name}: its arguments nest too deep, or hold a number that JSON would round`;
    const checked = checker.check(args);
    if (checked === undefined) return `${name}: ${explained(checker.errors(args))}`;
    valid.push({ name, args: checked as JsonObject });
  }
  return callSet(valid);
}

const known = new WeakMap<ToolSpec, ReturnType<typeof schemaChecker>>();

/** A tool's schema, made ready; or why it cannot be. */
export function checkerOf(tool: ToolSpec): ReturnType<typeof schemaChecker> {
  const made = known.get(tool) ?? schemaChecker(tool.schema as Schema, { defaults: true });
  known.set(tool, made);
  return made;
}

/** What is wrong with arguments, by the first error, as a phrase. */
function explained([error]: readonly ErrorObject[]): string {
  if (!error) return "its arguments cannot be checked in the time there is";
  const { keyword, instancePath, params } = error as ErrorObject<string, Record<string, unknown>>;
  const field = instancePath === "" ? "its arguments" : instancePath.slice(1).replaceAll("/", ".");
  const inside = instancePath === "" ? "" : ` in ${field}`;
  switch (keyword) {
    case "required":
      return `${params["missingProperty"]} is missing${inside}`;
    case "additionalProperties":
    case "unevaluatedProperties":
      return `there is no ${params["additionalProperty"] ?? params["unevaluatedProperty"]}${inside}`;
    case "type":
      return `${field} must be ${[params["type"]].flat().join(" or ")}`;
    case "enum":
    case "const":
      return `${field} is none of the values it may have`;
    default:
      return `${field} does not keep to "${keyword}"`;
  }
}
