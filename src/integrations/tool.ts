import { tool } from "@langchain/core/tools";
import { z } from "zod";
import type { CopeOptions } from "../graph/options.js";
import { parseOptions } from "../options-error.js";
import { compileCascade, type CascadeCall, type CascadeResult } from "./cascade.js";

/** Options of `copeTool`: all that `createCope` takes, and how the agent is told of it. */
export type CopeToolOptions = CopeOptions & {
  /** @default "ask_cope" */
  name?: string;
  /** What it is for, as the agent reads it. */
  description?: string;
};

/** What comes with the answer, for programs: `artifact` of the tool's message. */
export type CopeArtifact = Pick<CascadeResult, "answer" | "ledger" | "stages">;

const Words = z.object({ name: z.string().min(1).optional(), description: z.string().min(1).optional() });

const DESCRIPTION =
  "Asks a careful assistant one question that needs thought: mathematics, a choice, a judgement. It sees nothing of this conversation: put all it must know into the question.";

/**
 * A tool by which an agent may ask the cascade. The agent reads the answer's text; bill and stages come as the message's artifact.
 *
 * @throws CopeError OPTIONS_INVALID
 */
export function copeTool(given: CopeToolOptions = {}) {
  parseOptions(z.looseObject({}), given, "copeTool");
  const { name, description, ...options } = given;
  parseOptions(Words, { name, description }, "copeTool");
  const cascade = compileCascade(options);
  return tool(
    async ({ question }: { question: string }, config): Promise<[string, CopeArtifact]> => {
      const { answer, ledger, stages } = await cascade({ question }, config as CascadeCall);
      return [answer.text, { answer, ledger, stages }];
    },
    {
      name: name ?? "ask_cope",
      description: description ?? DESCRIPTION,
      schema: z.object({ question: z.string().describe("The whole question") }),
      responseFormat: "content_and_artifact",
    },
  );
}
