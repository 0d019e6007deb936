import { broken, readText } from "./file.js";
import { readDomain, type Domain } from "./pddl/domain.js";
import { readTexts, type Texts } from "./texts/twl2.js";

/** What all games share: what can be done, and what is said. */
export interface AlfworldRules {
  domain: Domain;
  texts: Texts;
}

/**
 * Reads the rules of a world.
 *
 * @param domain - path of a PDDL domain
 * @param texts - path of a .twl2 file of TextWorld's, which must have an entry for each of the domain's actions
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`
 */
export function readRules(domain: string, texts: string): AlfworldRules {
  return rulesOf({ text: readText(domain), source: domain }, { text: readText(texts), source: texts });
}

/** A text and what it is called in errors. */
interface Named {
  text: string;
  source: string;
}

/** Rules of texts that are at hand. */
export function rulesOf(pddl: Named, twl2: Named): AlfworldRules {
  const rules = { domain: readDomain(pddl.text, pddl.source), texts: readTexts(twl2.text, twl2.source) };
  const silent = rules.domain.actions.find(({ name }) => !rules.texts.actions.has(name));
  if (silent) throw broken(twl2.source, `there is no entry for the action ${silent.name}`);
  return rules;
}
