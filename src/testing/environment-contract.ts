import { deepEqual, ok } from "node:assert/strict";
import type { Environment } from "../environments/types.js";
import type { Json } from "../state/json.js";
import { equal, runContract, type ContractOptions } from "./suite.js";

/** Steps of a walk: enough to get somewhere, and to end what ends soon. */
const STEPS = 60;

/**
 * The rules that every environment keeps, so that an agent can act in it, stop, and go on in another process.
 *
 * @param make - a new environment in the same state for each call; a case may ask for two
 */
export function environmentContract(
  name: string,
  make: () => Environment | Promise<Environment>,
  options: ContractOptions = {},
): void {
  const cases: Record<string, () => Promise<void>> = {
    "tells what is to be reached and what is seen, and offers commands, each once": async () => {
      const env = await make();
      for (const text of [env.goal, env.observe()]) ok(typeof text === "string" && text.trim() !== "");
      equal(env.done, false);
      const actions = env.actions();
      ok(actions.length > 0);
      equal([...new Set(actions)], actions);
    },
    "answers a command that nobody knows with a text": async () => {
      const env = await make();
      const { observation } = await env.step("xyzzy \u0000 42");
      ok(typeof observation === "string" && observation.trim() !== "");
      equal(env.observe(), observation);
    },
    "shows after a step what the step led to": async () => {
      const env = await make();
      await walk(env, STEPS, (outcome) => equal(shown(env), { seen: outcome.observation, done: outcome.done }));
    },
    "offers and says the same where it is made and treated the same": async () => {
      const [one, other] = [await make(), await make()];
      equal(await walk(one, STEPS), await walk(other, STEPS));
    },
    "saves plain JSON": async () => {
      const env = await make();
      await walk(env, 3);
      const saved = env.save();
      deepEqual(JSON.parse(JSON.stringify(saved)), saved);
    },
    "goes on from what was saved, in another one": async () => {
      for (const steps of [0, 1, 5]) {
        const [one, other] = [await make(), await make()];
        await walk(one, steps);
        const saved = JSON.parse(JSON.stringify(one.save())) as Json;
        await walk(other, 2);
        await other.restore(saved);
        equal([shown(other), other.actions()], [shown(one), one.actions()]);
        equal(await walk(other, STEPS), await walk(one, STEPS));
      }
    },
    "keeps a saved state as it was": async () => {
      const env = await make();
      const [saved, before] = [env.save(), JSON.stringify(env.save())];
      const start = [shown(env), env.actions()];
      await walk(env, 5);
      equal(JSON.stringify(saved), before);
      await env.restore(saved);
      equal([shown(env), env.actions()], start);
    },
    "changes no more after its end": async () => {
      const env = await make();
      await walk(env, STEPS);
      if (!env.done) return;
      const last = env.observe();
      const { observation, done } = await env.step("xyzzy");
      equal({ observation, done, seen: env.observe() }, { observation: last, done: true, seen: last });
    },
  };
  runContract(name, cases, options);
}

const shown = (env: Environment) => ({ seen: env.observe(), done: env.done });

/** Gives commands that fit, another each time, and says what they were and led to. */
async function walk(
  env: Environment,
  steps: number,
  check: (outcome: { observation: string; done: boolean }) => void = () => {},
): Promise<string[]> {
  const told: string[] = [];
  for (let step = 0; step < steps && !env.done; step += 1) {
    const actions = env.actions();
    const command = actions[(step * 7) % actions.length] ?? "xyzzy";
    const outcome = await env.step(command);
    check(outcome);
    told.push(command, outcome.observation);
  }
  return told;
}
