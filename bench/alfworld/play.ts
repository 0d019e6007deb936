import { readFileSync } from "node:fs";
import { ChatLlama, type StageInput } from "langgraph-cope";
import { transcriptOf } from "langgraph-cope/environments";
import { createCopeAgent } from "langgraph-cope/integrations";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { createAlfworld, subGoalsOf, type AlfworldGame, type AlfworldRules } from "./engine/index.js";
import type { Method, WorldRun } from "./table.js";

const CASCADE = JSON.parse(readFileSync(new URL("../world.stages.json", import.meta.url), "utf8")) as StageInput[];
const alone = (by: "small" | "large", name: string = by): StageInput[] => [
  { name, execute: { by, samples: 1, temperature: 0, maxTokens: 96 } },
];
const STAGES: Readonly<Record<Exclude<Method, "random">, StageInput[]>> = {
  small: alone("small"),
  large: alone("large"),
  unguided: CASCADE.filter(({ name }) => name !== "guided"),
  cope: CASCADE,
  "small-free": alone("small", "small-free"),
  "large-free": alone("large", "large-free"),
};
/** Every method there is. */
export const METHODS = [...Object.keys(STAGES), "random"] as Method[];

/** What every player is told, whatever the method. */
const HOUSE = `You are an agent in a house that you change by text commands, one at a time.
- Look for the thing in places that you have not been to yet. Open what is closed.
- As soon as you see the thing, take it: "take THING from PLACE". You can carry one thing.
- With the thing in hand, go to what changes it, if the goal asks for that: clean it with a sinkbasin, heat it with a microwave, cool it with a fridge, look at it where a desklamp is in use.
- Then go to where it belongs and put it there. Do not walk back and forth.`;

/** How a game is played. */
export interface Play {
  method: Method;
  maxSteps: number;
  seed: number;
}

/** Plays one game. The transcript holds the world's texts. */
export function play(game: AlfworldGame, rules: AlfworldRules, how: Play): Promise<WorldRun & { transcript: string }> {
  return how.method === "random" ? byChance(game, rules, how) : byModels(game, rules, how, STAGES[how.method]);
}

/** The context holds a game's whole conversation. */
const model = (size: string) => ({ model: `qwen2.5-coder-${size}-instruct`, contextSize: 8192 });

/** A model that is asked for the form in words alone, as other providers' are. */
class FreeText extends ChatLlama {
  override invoke(...[input, options]: Parameters<ChatLlama["invoke"]>): ReturnType<ChatLlama["invoke"]> {
    const { grammar: _, ...rest } = options ?? {};
    return super.invoke(input, rest);
  }
}

async function byModels(
  game: AlfworldGame,
  rules: AlfworldRules,
  { method, maxSteps, seed }: Play,
  stages: StageInput[],
): Promise<WorldRun & { transcript: string }> {
  const begun = performance.now();
  const Chat = method.endsWith("-free") ? FreeText : ChatLlama;
  const agent = createCopeAgent({
    small: new Chat(model("0.5b")),
    large: new Chat(model("1.5b")),
    environment: createAlfworld(game, rules),
    systemPrompt: HOUSE,
    maxSteps,
    seed,
    stages,
  });
  const { steps, reward, goal, transcript } = await agent.invoke({});
  const bills = steps.flatMap(({ report }) => report.ledger.byRole["large"] ?? []);
  return {
    game: game.id,
    kind: game.type,
    method,
    seed,
    maxSteps,
    won: reward === 1,
    steps: steps.map(({ by, command, report }) => ({ by, valid: command !== "", confidence: report.confidence })),
    subGoals: partsOf(goal, steps),
    large: {
      input: bills.reduce((sum, { inputTokens }) => sum + inputTokens!, 0),
      output: bills.reduce((sum, { outputTokens }) => sum + outputTokens!, 0),
    },
    seconds: Math.round((performance.now() - begun) / 1000),
    transcript,
  };
}

async function byChance(game: AlfworldGame, rules: AlfworldRules, { maxSteps, seed }: Play) {
  const world = createAlfworld(game, rules);
  const opening = world.observe();
  const draw = xoroshiro128plus(seed);
  const steps: { command: string; observation: string; reward?: number; by: string; why: string }[] = [];
  while (!world.done && steps.length < maxSteps) {
    const possible = world.actions();
    const command = possible[uniformInt(draw, 0, possible.length - 1)]!;
    steps.push({ command, by: "random", why: "by chance", ...(await world.step(command)) });
  }
  return {
    game: game.id,
    kind: game.type,
    method: "random" as const,
    seed,
    maxSteps,
    won: steps.at(-1)?.reward === 1,
    steps: steps.map(({ by }) => ({ by, valid: true, confidence: null })),
    subGoals: partsOf(world.goal, steps),
    large: { input: 0, output: 0 },
    seconds: 0,
    transcript: transcriptOf({ goal: world.goal, opening, steps }),
  };
}

function partsOf(goal: string, steps: readonly { observation: string }[]): WorldRun["subGoals"] {
  const parts = subGoalsOf(
    goal,
    steps.map(({ observation }) => observation),
  );
  return { reached: parts.filter(({ reached }) => reached).length, of: parts.length };
}
