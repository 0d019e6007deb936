// An agent in a world of one's own: three rooms in a row, a key, and a locked door. Run it with `npx tsx examples/world.ts`.
import { pathToFileURL } from "node:url";
import type { Environment } from "langgraph-cope/environments";
import { createCopeAgent, type CopeEnvironmentAgentOptions } from "langgraph-cope/integrations";

interface State {
  room: number;
  key: "lies here" | "is yours";
  door: "locked" | "open";
  seen: string;
}

const ROOMS = ["a cellar", "a hall with a door to the east", "a garden"] as const;
const [CELLAR, HALL, GARDEN] = [0, 1, 2];

/** Get out of the house: the key is in the cellar, the door is in the hall. */
export function house(): Environment {
  let now: State = { room: HALL, key: "lies here", door: "locked", seen: "" };
  const look = () => {
    const key = now.room === CELLAR && now.key === "lies here" ? " A key lies here." : "";
    const door = now.room === HALL ? ` The door is ${now.door}.` : "";
    return `You are in ${ROOMS[now.room]}.${door}${key}`;
  };
  /** What fits now, and what it changes. */
  const moves = (): Record<string, Partial<State>> => ({
    ...(now.room === CELLAR ? { "go up": { room: HALL } } : {}),
    ...(now.room === CELLAR && now.key === "lies here" ? { "take the key": { key: "is yours" } } : {}),
    ...(now.room === HALL
      ? { "go down": { room: CELLAR }, "go east": now.door === "open" ? { room: GARDEN } : {} }
      : {}),
    ...(now.room === HALL && now.key === "is yours" ? { "unlock the door": { door: "open" } } : {}),
  });
  now.seen = look();
  return {
    goal: "Get into the garden.",
    get done() {
      return now.room === GARDEN;
    },
    observe: () => now.seen,
    actions: () => Object.keys(moves()),
    step(command) {
      if (now.room !== GARDEN) {
        const change = moves()[command];
        now = { ...now, ...change };
        now.seen = change && Object.keys(change).length > 0 ? look() : "Nothing happens.";
      }
      const done = now.room === GARDEN;
      return { observation: now.seen, done, reward: done ? 1 : 0 };
    },
    save: () => ({ ...now }),
    restore(saved) {
      now = { ...(saved as unknown as State) };
    },
  };
}

/** Acts by the embedded models unless others are given. */
export async function world(models: Pick<CopeEnvironmentAgentOptions, "small" | "large"> = {}) {
  const agent = createCopeAgent({ ...models, environment: house(), maxSteps: 12 });
  const { done, transcript, cope } = await agent.invoke({});
  return { done, transcript, bill: cope.bill };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { transcript, bill } = await world();
  console.log(transcript, bill);
}
