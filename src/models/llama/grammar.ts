import type { LlamaGrammar } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import type { Engine } from "./engine.js";
import { importEngine } from "./load.js";
import type { Constraint } from "./generate.js";
import { mapSchema } from "./map-schema.js";
import type { JsonSchema } from "./shapes.js";

/**
 * Holds a text to a JSON schema. All properties are written, optional ones too; what a grammar cannot say (patterns,
 * bounds of numbers) is left to whoever parses the text.
 *
 * @throws CopeError `OPTIONS_INVALID` for a schema that no grammar can be made of.
 */
export async function jsonConstraint(engine: Engine, schema: JsonSchema): Promise<Constraint> {
  return constrained(engine, await jsonGrammar(engine, schema), isJson);
}

/**
 * Holds a text to a grammar in llama.cpp's notation (GBNF), whose rule `root` is the whole text.
 *
 * @throws CopeError `OPTIONS_INVALID` when it does not parse.
 */
export async function grammarConstraint(engine: Engine, grammar: string): Promise<Constraint> {
  if (grammar.trim() === "") throw invalid("the grammar is empty", undefined);
  const made = await orInvalid("the grammar does not parse", () => engine.llama.createGrammar({ grammar }));
  // A grammar's end is the engine's to see: it then lets the model do nothing but stop.
  return constrained(engine, made, () => false);
}

/** The grammar of a JSON schema. @throws CopeError `OPTIONS_INVALID` */
export function jsonGrammar(engine: Engine, schema: JsonSchema): Promise<LlamaGrammar> {
  const said = "no grammar can be made of the JSON schema";
  return orInvalid(said, async () => engine.llama.createGrammarForJsonSchema(plain(schema) as never));
}

/** A fresh state for one text. */
export async function grammarState(engine: Engine, grammar: LlamaGrammar) {
  const { LlamaGrammarEvaluationState } = await importEngine();
  return new LlamaGrammarEvaluationState({ model: engine.model, grammar });
}

/** Whether a text is a whole JSON value that nothing can follow. */
export function isJson(text: string): boolean {
  if (!/["}\]]\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function constrained(engine: Engine, grammar: LlamaGrammar, see: Constraint["see"]): Promise<Constraint> {
  const state = await grammarState(engine, grammar);
  return { state: () => state, see };
}

const UNSAYABLE = ["allOf", "not", "if", "dependentSchemas"];

/** A schema in the words that the engine's grammars know. */
const plain = (schema: JsonSchema) =>
  mapSchema(schema, ({ anyOf, pattern: _pattern, $schema: _schema, ...rest }) => {
    const unsayable = UNSAYABLE.find((word) => word in rest);
    if (unsayable) throw new Error(`it uses "${unsayable}"`);
    return anyOf === undefined ? rest : { ...rest, oneOf: anyOf };
  });

async function orInvalid<T>(said: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    throw invalid(`${said}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function invalid(reason: string, cause: unknown): CopeError {
  return new CopeError("OPTIONS_INVALID", `${reason}.`, "correct it, or ask for free text.", { cause });
}
