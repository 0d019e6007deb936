import { broken } from "../file.js";
import type { Bindings, World } from "../pddl/solve.js";
import { answers, readQuery, type Query } from "./query.js";
import { readTemplate, type Piece } from "./template.js";
import type { Entity } from "./term.js";

/** Rules by name: of a rule's texts the first whose condition holds is used. */
export type Grammar = ReadonlyMap<string, readonly { condition?: Query; text: readonly Piece[] }[]>;

/** What a grammar's block holds, as written. */
export type Block = Readonly<Record<string, readonly { rhs: string; condition?: string | undefined }[]>>;

/** A grammar of blocks; a rule in several of them has the texts of all. */
export function readGrammar(blocks: readonly Block[]): Grammar {
  const grammar = new Map<string, { condition?: Query; text: Piece[] }[]>();
  for (const [name, texts] of blocks.flatMap((block) => Object.entries(block))) {
    const read = texts.map(({ rhs, condition }) => ({
      text: readTemplate(rhs),
      ...(condition !== undefined && { condition: readQuery(condition) }),
    }));
    grammar.set(name, [...(grammar.get(name) ?? []), ...read]);
  }
  return grammar;
}

/** What a text is made from. */
export interface Scene {
  grammar: Grammar;
  world: World;
  entity(id: string): Entity;
}

/** The text that pieces become for variables that stand for objects. */
export function textOf(pieces: readonly Piece[], bindings: Bindings, scene: Scene): string {
  return pieces.map((piece) => pieceOf(piece, bindings, scene)).join("");
}

function pieceOf(piece: Piece, bindings: Bindings, scene: Scene): string {
  if (piece.kind === "text") return piece.text;
  if (piece.kind === "rule") return ruleText(piece.name, bindings, scene);
  const { of, given } = piece;
  const ways = given ? [...answers(given, bindings, scene.world)] : [bindings];
  const texts = ways.map((way) =>
    typeof of === "function" ? of((name) => scene.entity(way[`?${name}`] ?? "")) : ruleText(of.rule, way, scene),
  );
  return piece.kind === "each" ? texts.join("") : listed(texts, bindings, scene);
}

function listed(texts: readonly string[], bindings: Bindings, scene: Scene): string {
  const last = texts.at(-1);
  if (last === undefined) return ruleText("list_empty", bindings, scene);
  if (texts.length === 1) return last;
  const separator = ruleText("list_separator", bindings, scene);
  return texts.slice(0, -1).join(separator) + ruleText("list_last_separator", bindings, scene) + last;
}

/**
 * The text of a rule.
 *
 * @throws CopeError `FILE_BROKEN` where the grammar has no such rule, or none of its texts fits
 */
export function ruleText(name: string, bindings: Bindings, scene: Scene): string {
  const rule = scene.grammar.get(name)?.find(({ condition }) => {
    return !condition || !answers(condition, bindings, scene.world).next().done;
  });
  if (rule) return textOf(rule.text, bindings, scene);
  throw broken("the texts of the game", `there is none for "${name}"`);
}
