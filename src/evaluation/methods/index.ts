import { CopeError } from "../../errors.js";
import type { GuidelineStyle } from "../../families/types.js";
import type { StageInput } from "../../state/stage.js";
import { createAbc } from "./abc.js";
import { createAutomix } from "./automix.js";
import { createCascadeVerify } from "./cascade-verify.js";
import { createCascadeVote } from "./cascade-vote.js";
import { COPE_LISTS, createCopeMethod } from "./cope.js";
import { createFrugal } from "./frugal.js";
import { createLarge, createMajority, createSmall } from "./plain.js";
import { createControl, createRandom } from "./random.js";
import type { View } from "../view.js";
import type { Method } from "./types.js";

/** What methods are made from: one choice for all of a run. */
export interface MethodOptions {
  /** n of every vote. @default 8 */
  samples?: number;
  /** Of the cascade's stages, in order. @default the stage list's */
  thresholds?: number[];
  guideline?: GuidelineStyle;
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
  });

/** Every method by name. A new one is a file and a line here. */
export const METHODS: Readonly<Record<string, (options: MethodOptions) => Method>> = {
  small: () => createSmall(),
  majority: ({ samples }) => createMajority(samples),
  large: () => createLarge(),
  ...Object.fromEntries(COPE_LISTS.map((name) => [name, COPE(name)])),
  random: ({ rate, samples, lists = {} }) =>
    rate === undefined
      ? createControl({ samples, cascades: [...COPE_LISTS, ...Object.keys(lists)] })
      : createRandom({ rate, samples }),
  "cascade-vote": ({ samples }) => createCascadeVote(samples === undefined ? {} : { samples }),
  "cascade-verify": ({ samples }) => createCascadeVerify(samples === undefined ? {} : { samples }),
  abc: ({ cheap = ["small"] }) => createAbc({ roles: cheap }),
  frugal: ({ train }) => createFrugal({ train }),
  automix: ({ samples }) => createAutomix(samples === undefined ? {} : { samples }),
};

/**
 * Methods by name, each once.
 *
 * @throws CopeError `OPTIONS_INVALID` for a name that is none, and what making a method throws
 */
export function resolveMethods(names: readonly string[], options: MethodOptions = {}): Method[] {
  const { lists = {}, guideline, samples } = options;
  return [...new Set(names)].map((name) => {
    const stages = Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (stages)
      return createCopeMethod({
        name,
        stages,
        ...(samples === undefined ? {} : { samples }),
        ...(guideline === undefined ? {} : { style: guideline }),
      });
    if (Object.hasOwn(METHODS, name)) return METHODS[name]!(options);
    const known = Object.keys(METHODS).join(", ");
    throw new CopeError(
      "OPTIONS_INVALID",
      `there is no method named "${name}".`,
      `use some of ${known}, or name=stages.json for a list of your own.`,
    );
  });
}
