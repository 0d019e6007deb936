import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { describe, expect, it } from "vitest";
import { basics } from "./contract/basics.js";
import { caching } from "./contract/caching.js";
import { contents } from "./contract/contents.js";
import { running } from "./contract/running.js";
import { structure } from "./contract/structure.js";
import { tools } from "./contract/tools.js";

/** The options that every chat model of LangChain takes under these names. */
export interface StandardFields {
  temperature?: number;
  maxTokens?: number;
  stop?: string[];
  streaming?: boolean;
  cache?: BaseChatModel["cache"] | boolean;
  tags?: string[];
}

/** A chat model under test. */
export interface Subject {
  /** What `lc_name()` says. */
  lcName: string;
  /** A fresh instance; what is not given is greedy and short. */
  create(fields?: StandardFields): BaseChatModel;
  /** Output tokens that suffice for a call of a tool, or a small JSON object. */
  toolTokens: number;
}

/** One thing that a chat model must do, on a subject. */
export type Point = (subject: Subject) => void | Promise<void>;

/** All points by title. The titles are what `skip` names. */
export const POINTS: Readonly<Record<string, Point>> = {
  ...basics,
  ...contents,
  ...tools,
  ...structure,
  ...caching,
  ...running,
};

/**
 * What every chat model must do for LangChain's users: each point that LangChain's own standard tests check in
 * JavaScript or Python, and what those leave out about aborts and company. The points ask for forms, not for knowledge:
 * they hold for the smallest model.
 *
 * @param name - of the model, for the report.
 * @param skip - titles of points that do not apply, each with the reason; both are printed.
 * @throws Error when `skip` names no point.
 */
export function chatModelContract(name: string, subject: Subject, skip: Readonly<Record<string, string>> = {}): void {
  const unknown = Object.keys(skip).filter((title) => !(title in POINTS));
  if (unknown.length > 0) throw new Error(`no such points of the chat-model contract: ${unknown.join("; ")}`);
  for (const [title, reason] of Object.entries(skip)) console.log(`skipped: ${name}: ${title}: ${reason}`);
  const applicable = Object.entries(POINTS).filter(([title]) => !(title in skip));
  describe(`${name} as a chat model:`, { timeout: 120_000 }, () => {
    it.each(applicable)("%s", async (_, point) => {
      expect.hasAssertions();
      await point(subject);
    });
  });
}
