import { NOTHING } from "../play.js";
import { kindOf, namesIn, openFirst } from "./places.js";

/** Yields commands and is handed what each of them led to. */
export type Script<Result = void> = Generator<string, Result, string>;

/** What the player knows of the house. */
export class House {
  readonly #places: readonly string[];
  readonly #unseen: string[];
  readonly #seen = new Map<string, string[]>();
  #here: string | undefined;

  /** @param places - all of them, as the opening lists them */
  constructor(places: readonly string[]) {
    this.#places = places;
    this.#unseen = openFirst(places);
  }

  /** The place of a kind with the lowest number. */
  first(kind: string): string | undefined {
    return this.#places.findLast((place) => kindOf(place) === kind);
  }

  /** Goes there, unless the player is there, and says what was told. */
  *goTo(place: string): Script<string> {
    if (this.#here === place) return "";
    let text = yield `go to ${place}`;
    // Nobody can go to where they are, and two places may be one: then it is enough to look at the other.
    if (text === NOTHING) text = yield `examine ${place}`;
    this.#here = place;
    return text;
  }

  *lookInto(place: string): Script {
    let text = this.#here === place ? yield `examine ${place}` : yield* this.goTo(place);
    if (text.endsWith("is closed.")) text = yield `open ${place}`;
    this.#seen.set(place, namesIn(text));
    this.#unseen.splice(0, this.#unseen.length, ...this.#unseen.filter((other) => other !== place));
  }

  /** Looks around until a thing of the kind is seen that is not excluded. */
  *find(kind: string, excluded: ReadonlySet<string>): Script<{ thing: string; place: string } | undefined> {
    for (;;) {
      for (const [place, things] of this.#seen) {
        const thing = things.find((name) => kindOf(name) === kind && !excluded.has(name));
        if (thing !== undefined) return { thing, place };
      }
      const next = this.#unseen[0];
      if (next === undefined) return undefined;
      yield* this.lookInto(next);
    }
  }

  *take({ thing, place }: { thing: string; place: string }): Script {
    yield* this.goTo(place);
    yield `take ${thing} from ${place}`;
    this.#seen.set(
      place,
      (this.#seen.get(place) ?? []).filter((name) => name !== thing),
    );
  }
}
