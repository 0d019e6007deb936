/** Something that is true: a predicate of some objects. */
export interface Fact {
  readonly predicate: string;
  readonly args: readonly string[];
  /** The same as one text; facts of a predicate are in order by it. */
  readonly key: string;
}

/** A fact by its parts. */
export const factOf = (predicate: string, args: readonly string[]): Fact => ({
  predicate,
  args,
  key: [predicate, ...args].join(" "),
});

/** What is true in a world, at one time. It never changes: a change makes another. */
export class Facts {
  readonly #facts: ReadonlyMap<string, Fact>;
  /** Facts by predicate, and by predicate, place and argument; made when first asked for. */
  #index: Map<string, Fact[]> | undefined;

  constructor(facts: Iterable<Fact>) {
    this.#facts = new Map(Array.from(facts, (fact) => [fact.key, fact]));
  }

  [Symbol.iterator](): Iterator<Fact> {
    return this.#facts.values();
  }

  has(predicate: string, args: readonly string[]): boolean {
    return this.#facts.has([predicate, ...args].join(" "));
  }

  /** A list that holds every fact of the predicate with the arguments that are known, and as few others as there may be. */
  among(predicate: string, args: readonly (string | undefined)[]): readonly Fact[] {
    const index = (this.#index ??= indexOf(this.#facts.values()));
    let fewest = index.get(predicate) ?? [];
    for (const [place, arg] of args.entries()) {
      const found = arg === undefined ? fewest : (index.get(`${predicate} ${place} ${arg}`) ?? []);
      if (found.length < fewest.length) fewest = found;
    }
    return fewest;
  }

  /** The same facts less some and with others; a fact in both lists is there. */
  with(added: readonly Fact[], removed: readonly Fact[]): Facts {
    const facts = new Map(this.#facts);
    for (const { key } of removed) facts.delete(key);
    for (const fact of added) facts.set(fact.key, fact);
    return new Facts(facts.values());
  }
}

function indexOf(facts: Iterable<Fact>): Map<string, Fact[]> {
  const index = new Map<string, Fact[]>();
  const put = (key: string, fact: Fact) => {
    const list = index.get(key);
    if (list) list.push(fact);
    else index.set(key, [fact]);
  };
  for (const fact of facts) {
    put(fact.predicate, fact);
    for (const [place, arg] of fact.args.entries()) put(`${fact.predicate} ${place} ${arg}`, fact);
  }
  return index;
}
