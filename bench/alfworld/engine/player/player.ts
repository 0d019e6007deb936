import { NOTHING } from "../play.js";
import { House, type Script } from "./house.js";
import { namesIn } from "./places.js";
import { readWish, type Wish } from "./task.js";

/** Where each treatment is done. */
const APPLIANCE = { clean: "sinkbasin", heat: "microwave", cool: "fridge" } as const;

/**
 * A player without any model, to measure others against. It reads the opening and the texts that its commands lead to, knows
 * the six kinds of task, and nothing else of the game: neither the commands that fit nor the game's files. It ends when it has
 * done what it could.
 *
 * @param opening - a game's first observation, with the task
 * @throws CopeError `TASK_INVALID` where the opening holds no task of ALFWorld's
 * @example
 * const player = scriptedPlayer(game.observe());
 * for (let next = player.next(); !next.done && !game.done; ) next = player.next((await game.step(next.value)).observation);
 */
export function* scriptedPlayer(opening: string): Script {
  const wish = readWish(opening);
  const house = new House(namesIn(opening));
  const settled = new Set<string>();
  for (let count = 0; count < wish.count; count += 1) {
    const found = yield* house.find(wish.thing, settled);
    if (!found) return;
    settled.add(found.thing);
    if (isThere(found.place, wish, house)) continue;
    yield* house.take(found);
    if (wish.treatment) {
      const appliance = house.first(APPLIANCE[wish.treatment]);
      if (appliance === undefined) return;
      yield* house.goTo(appliance);
      yield `${wish.treatment} ${found.thing} with ${appliance}`;
    }
    yield* "lamp" in wish.to ? useLamp(wish.to.lamp, house) : bring(found.thing, wish.to.place, house);
  }
}

/** One of two things may lie where both belong. */
const isThere = (place: string, { count, to }: Wish, house: House): boolean =>
  count === 2 && "place" in to && house.first(to.place) === place;

function* useLamp(kind: string, house: House): Script {
  const lamp = yield* house.find(kind, new Set());
  if (!lamp) return;
  yield* house.goTo(lamp.place);
  yield `use ${lamp.thing}`;
}

function* bring(thing: string, kind: string, house: House): Script {
  const place = house.first(kind);
  if (place === undefined) return;
  yield* house.lookInto(place);
  // Versions of the rules name it differently.
  if ((yield `put ${thing} in/on ${place}`) === NOTHING) yield `move ${thing} to ${place}`;
}
