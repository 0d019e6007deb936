import { z } from "zod";
import { broken } from "../file.js";
import { readGrammar, type Block, type Grammar } from "./grammar.js";
import { readTemplate, type Piece } from "./template.js";

/** How an action is commanded, and what is said when it is done. */
export interface ActionTexts {
  command: readonly Piece[];
  feedback: readonly Piece[];
}

/** What a game says. */
export interface Texts {
  grammar: Grammar;
  /** By the action's name in lower case. */
  actions: ReadonlyMap<string, ActionTexts>;
}

const Block = z.record(z.string(), z.array(z.object({ rhs: z.string(), condition: z.string().optional() })));

const ACTION = /\baction\s+([\w/-]+)\s*\{((?:"""[\s\S]*?"""|"[^"]*"|[^"}])*)\}/g;
const GRAMMAR = /\bgrammar\s*::\s*"""([\s\S]*?)"""\s*;/g;

/**
 * Reads a .twl2 file of TextWorld: one grammar of feedback texts, and an entry for each action.
 *
 * @param source - what the text is called in errors
 * @throws CopeError `FILE_BROKEN`
 */
export function readTexts(text: string, source: string): Texts {
  const blocks = [...text.matchAll(GRAMMAR)].map(([, block]) => readBlock(block!, source));
  const actions = new Map<string, ActionTexts>();
  for (const [, name, body] of text.matchAll(ACTION)) {
    const [command, feedback] = [field(body!, "template"), field(body!, "feedback")];
    if (command === undefined || feedback === undefined) {
      throw broken(source, `the action ${name} has no template or no feedback`);
    }
    actions.set(name!.toLowerCase(), { command: readTemplate(command), feedback: readTemplate(feedback) });
  }
  if (actions.size === 0) throw broken(source, "there is no action in it");
  return { grammar: readGrammar(blocks), actions };
}

const field = (body: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*::\\s*"([^"]*)"\\s*;`).exec(body)?.[1];

function readBlock(text: string, source: string): Block {
  const line = /^\s*#.*$/gm;
  try {
    return Block.parse(JSON.parse(text.replace(line, "")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).split("\n")[0] : String((error as Error).message);
    throw broken(source, `a grammar in it cannot be read: ${why}`);
  }
}
