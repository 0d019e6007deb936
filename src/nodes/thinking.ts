import { ROOM } from "../models/thinking/models.js";
import type { ChatHandle } from "../models/types.js";
import type { RunState } from "../state/channels.js";
import type { Settings } from "../state/options.js";
import type { Kit } from "./kit.js";
import { rolesOf } from "./settings.js";

/** Tokens that a model may think beside its visible limit, if it thinks. Its own options may ask for more than is asked for here. */
export function roomFor(asked: number | undefined, { local, thinks }: Pick<ChatHandle, "local" | "thinks">): number {
  return Math.max(asked ?? (local ? ROOM.local : ROOM.hosted), thinks?.tokens ?? 0);
}

/**
 * Gives room to the models that are declared to think, and to those that this thread has seen to. It stands in the settings, and so in the
 * checkpoint: a resumed call is the same request.
 *
 * @param before - of the thread's last turn
 */
export async function withRooms(kit: Pick<Kit, "model">, settings: Settings, before?: Settings): Promise<Settings> {
  const thinks = async (role: string) => {
    const handle = await kit.model(role, settings);
    const seen = before?.thinking?.rooms[role] !== undefined && before.models[role] === settings.models[role];
    return handle.thinks !== undefined || seen;
  };
  const roles = rolesOf(settings.stages);
  const known = await Promise.all(roles.map(thinks));
  return giveRoom(
    kit,
    settings,
    roles.filter((_, i) => known[i]),
  );
}

/** Settings in which some more roles have room. */
export async function giveRoom(
  kit: Pick<Kit, "model">,
  settings: Settings,
  roles: readonly string[],
): Promise<Settings> {
  const { tokens, rooms = {} } = settings.thinking ?? {};
  const fresh = roles.filter((role) => rooms[role] === undefined);
  if (fresh.length === 0) return settings;
  const given = await Promise.all(
    fresh.map(async (role) => [role, roomFor(tokens, await kit.model(role, settings))] as const),
  );
  return { ...settings, thinking: { ...settings.thinking, rooms: { ...rooms, ...Object.fromEntries(given) } } };
}

/** Settings in which the roles have room that a run has seen to think. */
export function withSeen(
  kit: Pick<Kit, "model">,
  settings: Settings,
  { plans, samples, calls }: Pick<RunState, "plans" | "samples" | "calls">,
): Promise<Settings> {
  const executor = (name: string) => settings.stages.find((stage) => stage.name === name)!.execute.by;
  const roles = new Set([
    ...plans.filter(({ thinking }) => thinking !== undefined).map(({ by }) => by),
    ...samples.filter(({ thinking }) => thinking !== undefined).map(({ stage }) => executor(stage)),
    ...calls.filter(({ reasoningTokens = 0 }) => reasoningTokens > 0).map(({ role }) => role),
  ]);
  return giveRoom(
    kit,
    settings,
    rolesOf(settings.stages).filter((role) => roles.has(role)),
  );
}
