import { choosing, number, program, text } from "./auto-signs.js";
import { listedOptions, type Listed } from "./choice/listed.js";

/** What `auto` looks at: the question, and what a task brings beside it. */
export interface AutoTask {
  question: string;
  /** Visible tests. */
  tests?: unknown;
  entryPoint?: unknown;
  tools?: unknown;
  /** Text commands that are possible. */
  actions?: unknown;
  choices?: unknown;
  schema?: unknown;
  consensus?: unknown;
}

/** The family, and the sign it was told by, in a short sentence. */
export interface ChosenFamily {
  family: string;
  why: string;
}

/**
 * Tells a task's family, by the first rule that fits (docs/auto.md): visible tests or an entry point are code; tools or text commands are action; a schema,
 * choices, or lettered options that the question lists are choice; a closing number or value that is asked for is math;
 * anything else is chat. A pure function of words, in English, German and French.
 *
 * Where it errs it errs to chat, whose confidence claims least: a program is never taken for code without something to run
 * it against.
 *
 * @param known - names of the families there are; where the one it tells is missing, the next best is taken and named
 */
export function chooseFamily(task: AutoTask, known: readonly string[]): ChosenFamily {
  const told = tell(task);
  const family = [told.family, told.family.split(":")[0]!, "chat", "math"].find((name) => known.includes(name));
  if (family === told.family) return told;
  const next = family ?? known[0] ?? told.family;
  return { family: next, why: `${told.why}; there is no family "${told.family}", so "${next}" is taken` };
}

function tell({ question, tests, entryPoint, tools, actions, choices, schema, consensus }: AutoTask): ChosenFamily {
  if (isGiven(tests)) return { family: "code", why: "there are visible tests" };
  if (isGiven(entryPoint)) return { family: "code", why: "an entry point is named" };
  if (isGiven(tools)) return { family: "action", why: "there are tools" };
  if (isGiven(actions)) return { family: "action", why: "there are text commands" };
  const choice = consensus === "field" ? "choice:fields" : "choice";
  if (schema !== undefined && schema !== null) return { family: choice, why: "a schema is given" };
  if (choices !== undefined && choices !== null) return { family: choice, why: "choices are given" };
  const options = listedOptions(question);
  if (options && areChoices(question, options)) {
    const [first, last] = [options[0]!.letter, options.at(-1)!.letter];
    return { family: choice, why: `the question lists options from ${first} to ${last}` };
  }
  const written = program(question);
  if (written)
    return { family: "chat", why: `the question asks for a program ("${written}") without tests to run it against` };
  const asked = text(question);
  if (asked) return { family: "chat", why: `the question asks for a text: "${asked}"` };
  const closing = number(question);
  if (closing) return { family: "math", why: `the question asks for a number or value: "${closing}"` };
  return { family: "chat", why: "nothing in the question asks for a number, a choice, or a program with tests" };
}

/** Longest option, in characters, that is no text to work on. */
const LONGEST = 200;

/** Whether one of a list is to be chosen: texts to work on are listed with letters as well. */
function areChoices(question: string, options: readonly Listed[]): boolean {
  if (options.some((option) => option.text.length > LONGEST || /[.!?]\s+\p{Lu}/u.test(option.text))) return false;
  return choosing(question) || text(question) === undefined;
}

/** No tests in a list are none. */
const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
