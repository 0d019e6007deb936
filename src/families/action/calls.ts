import type { ErrorObject } from "ajv";
import type { JsonObject, ToolSpec } from "../../state/tool.js";
import { schemaChecker, type SchemaChecker } from "../choice/schema.js";
import { canonical, isObject, type JsonObject as Schema } from "../choice/canonical.js";
import type { ActionCall } from "./value.js";

/** A call as a model gave it, not yet checked. */
export interface GivenCall {
  name: string;
  args: unknown;
}

/**
 * Calls in their order, each as it is to be made and as it is compared. One that cannot be made spoils them all: half of an action
 * is another action.
 *
 * @returns the calls, or why they cannot be made
 */
export function validCalls(calls: readonly GivenCall[], tools: readonly ToolSpec[]): ActionCall[] | string {
  const valid: ActionCall[] = [];
  for (const call of calls) {
    const made = validCall(call, tools);
    if (typeof made === "string") return made;
    valid.push(made);
  }
  return valid;
}

function validCall({ name, args }: GivenCall, tools: readonly ToolSpec[]): ActionCall | string {
  const tool = tools.find((one) => one.name === name);
  if (!tool) return `there is no tool ${JSON.stringify(name)}`;
  const checkers = checkersOf(tool);
  if (typeof checkers === "string") return `the schema of ${name}: ${checkers}`;
  if (canonical(args) === undefined)
    return `${name}: its arguments nest too deep, or hold a number that JSON would round`;
  const filled = checkers.filling.check(args);
  if (filled === undefined) return `${name}: ${explained(checkers.filling.errors(args))}`;
  const meant = (tool.accepts ? known(filled, tool.accepts) : filled) as JsonObject;
  const made = checkers.strict.errors(args).length === 0 ? (args as JsonObject) : meant;
  const alike = JSON.stringify(canonical(meant)) === JSON.stringify(canonical(made));
  return { name, args: made, ...(alike ? {} : { meant }) };
}

/** Without what zod drops: fields that an object does not name. Where a schema leaves a choice, all of them stay. */
function known(value: unknown, schema: unknown): unknown {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => known(item, schema["items"]));
  const { properties, additionalProperties: others } = schema;
  if (!isObject(value) || !isObject(properties)) return value;
  const kept = Object.entries(value).filter(([key]) => Object.hasOwn(properties, key) || others !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, known(inner, properties[key])]));
}

/** A tool's schema, ready to check arguments as they are, and with defaults filled in. */
interface Checkers {
  strict: SchemaChecker;
  filling: SchemaChecker;
}

const made = new WeakMap<ToolSpec, Checkers | string>();

/** A tool's schema, made ready; or why it cannot be. */
export function checkersOf(tool: ToolSpec): Checkers | string {
  const ready = made.get(tool) ?? makeCheckers((tool.accepts ?? tool.schema) as Schema);
  made.set(tool, ready);
  return ready;
}

function makeCheckers(schema: Schema): Checkers | string {
  const [strict, filling] = [schemaChecker(schema), schemaChecker(schema, { defaults: true })];
  if (typeof strict === "string") return strict;
  return typeof filling === "string" ? filling : { strict, filling };
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
