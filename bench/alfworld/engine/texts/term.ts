import { broken } from "../file.js";

/** What texts say of an object. */
export interface Entity {
  id: string;
  name: string;
  indefinite: string;
  definite: string;
}

/** A text made of what variables stand for. */
export type Term = (entity: (variable: string) => Entity) => string;

const FIELDS = ["id", "name", "indefinite", "definite"] as const;

/** `variable`, `variable.field`, `'text'`, joined by `+`, and by `or`: the first that is not empty. */
export function readTerm(expression: string): Term {
  const sums = expression.split(/\s+or\s+/).map((part) => {
    const parts = part.split(/\s*\+\s*/).map((piece) => readPart(piece.trim(), expression));
    return (entity: (variable: string) => Entity) => parts.map((term) => term(entity)).join("");
  });
  return (entity) => {
    for (const sum of sums) {
      const text = sum(entity);
      if (text !== "") return text;
    }
    return "";
  };
}

function readPart(part: string, whole: string): Term {
  const text = /^(?:'([^']*)'|"([^"]*)")$/.exec(part);
  if (text) return () => text[1] ?? text[2] ?? "";
  const [, variable, name = "name"] = /^(\w+)(?:\.(\w+))?$/.exec(part) ?? [];
  const field = FIELDS.find((known) => known === name);
  if (variable === undefined || field === undefined) {
    throw broken("the texts of the game", `"${whole.trim()}" is not understood`);
  }
  return (entity) => entity(variable.toLowerCase())[field];
}
