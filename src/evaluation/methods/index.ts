import { CopeError } from "../../errors.js";
import type { GuidelineStyle, ScorerChoice } from "../../families/types.js";
import type { StageInput } from "../../state/stage.js";
import { createAbc } from "./abc.js";
import { createAutomix } from "./automix.js";
import { createCascadeVerify } from "./cascade-verify.js";
import { createCascadeVote } from "./cascade-vote.js";
import { COPE_LISTS, createCopeMethod } from "./cope.js";
import { createFrugal } from "./frugal.js";
import { createLarge, createLargeMajority, createMajority, createSmall } from "./plain.js";
import { createControl, createRandom } from "./random.js";
import { createSelfGrade } from "./self-grade.js";
import type { View } from "../view.js";
import type { Method } from "./types.js";

/** What methods are made from: one choice for all of a run. */
export interface MethodOptions {
  /** n of every vote. @default 8 */
  samples?: number;
  /** Of the cascade's stages, in order. @default the stage list's */
  thresholds?: number[];
  guideline?: GuidelineStyle;
  /** Of the cascades, as the option of `createCope`. @default false */
  harmGuard?: boolean;
  /** What stages are scored by that name no scorer: the family's. @default the vote */
  scoring?: ScorerChoice;
  /** The stages that the method `cope` runs. @default the paper's */
  stages?: string | readonly StageInput[];
  /** Stage lists of one's own, by the name that they have as methods. */
  lists?: Readonly<Record<string, readonly StageInput[]>>;
  /** Roles of the cheap models that `abc` holds against each other. */
  cheap?: readonly string[];
  /** Views of another recording, for `frugal` to train on. @default it is trained across the evaluated problems */
  train?: readonly View[];
  /** Share of problems that `random` hands over. @default that of the first cascade, else a half */
  rate?: number;
}

const COPE = (name: string) => (options: MethodOptions) =>
  createCopeMethod({
    name,
    stages: name === "cope" ? (options.stages ?? "cope") : name,
    ...(options.samples === undefined ? {} : { samples: options.samples }),
    ...(options.thresholds === undefined || name !== "cope" ? {} : { thresholds: options.thresholds }),
    ...(options.guideline === undefined ? {} : { style: options.guideline }),
    ...(options.harmGuard === undefined ? {} : { harmGuard: options.harmGuard }),
    ...(options.scoring === undefined ? {} : { scoring: options.scoring }),
  });

/** Every method by name. A new one is a file and a line here. */
export const METHODS: Readonly<Record<string, (options: MethodOptions) => Method>> = {
  small: () => createSmall(),
  majority: ({ samples, scoring }) => createMajority({ samples, scoring }),
  large: () => createLarge(),
  "large-majority": ({ samples, scoring }) => createLargeMajority({ samples, scoring }),
  ...Object.fromEntries(COPE_LISTS.map((name) => [name, COPE(name)])),
  random: ({ rate, samples, scoring, lists = {} }) =>
    rate === undefined
      ? createControl({ samples, scoring, cascades: [...COPE_LISTS, ...Object.keys(lists)] })
      : createRandom({ rate, samples, scoring }),
  "cascade-vote": ({ samples }) => createCascadeVote(samples === undefined ? {} : { samples }),
  "cascade-verify": ({ samples }) => createCascadeVerify(samples === undefined ? {} : { samples }),
  abc: ({ cheap = ["small"] }) => createAbc({ roles: cheap }),
  frugal: ({ train }) => createFrugal({ train }),
  "self-grade": () => createSelfGrade(),
  automix: ({ samples }) => createAutomix(samples === undefined ? {} : { samples }),
};

/** A cascade with its guideline's style: `cope+critique`. */
function styled(asked: string, lists: object): { name: string; style?: GuidelineStyle } {
  const cut = asked.lastIndexOf("+");
  const [name, style] = [asked.slice(0, cut), asked.slice(cut + 1)];
  const isStyle = (STYLES as readonly string[]).includes(style);
  const isCascade = COPE_LISTS.includes(name) || Object.hasOwn(lists, name);
  return cut > 0 && isStyle && isCascade ? { name, style: style as GuidelineStyle } : { name: asked };
}

const STYLES: readonly GuidelineStyle[] = ["method", "critique", "worked"];

/**
 * Methods by name, each once; `cope+critique` and the like are cascades with a guideline style of their own.
 *
 * @throws CopeError `OPTIONS_INVALID` for a name that is none, and what making a method throws
 */
export function resolveMethods(names: readonly string[], options: MethodOptions = {}): Method[] {
  const { lists = {}, guideline: common, samples, scoring, harmGuard = false } = options;
  return [...new Set(names)].map((asked) => {
    const { name, style } = styled(asked, lists);
    const guideline = style ?? common;
    const stages = Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (stages)
      return createCopeMethod({
        name: asked,
        stages,
        harmGuard,
        ...(samples === undefined ? {} : { samples }),
        ...(guideline === undefined ? {} : { style: guideline }),
        ...(scoring === undefined ? {} : { scoring }),
      });
    if (Object.hasOwn(METHODS, name))
      return { ...METHODS[name]!({ ...options, ...(guideline ? { guideline } : {}) }), name: asked };
    const known = Object.keys(METHODS).join(", ");
    throw new CopeError(
      "OPTIONS_INVALID",
      `there is no method named "${name}".`,
      `use some of ${known}, or name=stages.json for a list of your own.`,
    );
  });
}
