import { gradeOf, isCurrent, makeDraw, type Asker } from "./ask.js";
import { placeOf, type Draw } from "./draw.js";
import { createEquality, type Equality } from "./equality.js";
import type { Method, Outcome, Step, Wanted } from "./methods/types.js";
import { rolesOfSeries } from "./models.js";
import type { UnknownPair } from "../state/unknown.js";
import type { Problem } from "./problem.js";
import { rereadDraw } from "./reread.js";
import { givenKey } from "./series.js";
import type { DrawStore } from "./store.js";
import { createView, type View } from "./view.js";

/** What is recorded where. */
export interface RecordingParts {
  asker: Asker;
  store: Pick<DrawStore, "read" | "put" | "unknown" | "keepUnknown">;
  recording: string;
  methods: readonly Method[];
  /** Roles whose models compute on this machine, and so take turns. */
  local: ReadonlySet<string>;
  signal?: AbortSignal;
}

/** A draw to be made of a problem under way. */
interface Order {
  one: UnderWay;
  wanted: Wanted;
}

/**
 * Draws everything that the methods want of some problems, in rounds: what all of them want next is drawn together, so
 * that models are asked in batches. Every draw is on the disk before the next round looks at it; what is there already,
 * and would be asked the same way now, is not asked again.
 *
 * Local models take turns: two that compute on the same cores at once are slower than one after the other.
 *
 * @returns for each problem how each method ended, in the orders given.
 * @throws what no retry mends, after the draws under way are kept
 */
export async function recordProblems(all: readonly UnderWay[], parts: RecordingParts): Promise<Outcome[][]> {
  for (;;) {
    const views = await Promise.all(all.map((one) => one.view()));
    const steps = views.map((view) => parts.methods.map((method) => method.decide(view)));
    const orders = all.flatMap((one, i) => distinct(steps[i]!).map((wanted) => ({ one, wanted })));
    if (orders.length === 0) return steps.map((of) => of.flatMap((step) => ("outcome" in step ? step.outcome : [])));
    for (const turn of turns(orders, parts.local)) await drawAll(turn, parts);
  }
}

/** One problem, with the draws that methods have asked for so far and those that an earlier run has left. */
export class UnderWay {
  readonly problem: Problem;
  readonly kept: ReadonlyMap<string, Draw>;
  readonly #draws = new Map<string, Draw>();
  readonly #equality: Equality;
  readonly #keepUnknown: (pairs: readonly UnknownPair[]) => Promise<void>;

  constructor(
    problem: Problem,
    {
      kept,
      equality,
      keepUnknown,
    }: {
      kept: ReadonlyMap<string, Draw>;
      equality: Equality;
      keepUnknown: (pairs: readonly UnknownPair[]) => Promise<void>;
    },
  ) {
    this.problem = problem;
    this.kept = kept;
    this.#equality = equality;
    this.#keepUnknown = keepUnknown;
  }

  add(place: string, draw: Draw): void {
    this.#draws.set(place, draw);
  }

  async view(): Promise<View> {
    const draws = [...this.#draws.values()];
    const { length } = this.#equality.unknown;
    await this.#equality.learn(draws.flatMap(({ value }) => value ?? []));
    await this.#keepUnknown(this.#equality.unknown.slice(length));
    return createView(this.problem.id, draws, this.#equality);
  }
}

/** Begins a problem, or goes on with what an earlier run has recorded of it. */
export function underWay(
  problem: Problem,
  { asker, store, recording }: Pick<RecordingParts, "asker" | "store" | "recording">,
): UnderWay {
  const { draws } = store.read(recording, problem.id);
  // What failed is asked again when a recording goes on.
  const usable = draws.filter((draw) => !draw.failed);
  const kept = new Map(usable.map((draw) => [placeOf(draw.series, draw.given, draw.index), draw]));
  const unknown = store.unknown(recording).filter((one) => one.problem === problem.id);
  const equality = createEquality(
    asker.family.same,
    unknown.map(({ pair }) => pair),
  );
  const keepUnknown = (pairs: readonly UnknownPair[]) => store.keepUnknown(recording, problem.id, pairs);
  return new UnderWay(problem, { kept, equality, keepUnknown });
}

const place = ({ series, given, index }: Wanted) => placeOf(series.id, givenKey(given), index);

function distinct(steps: readonly Step[]): Wanted[] {
  const wanted = steps.flatMap((step) => ("wanted" in step ? step.wanted : []));
  return [...new Map(wanted.map((each) => [place(each), each])).values()];
}

/** Orders that may be drawn at the same time: all, unless local models would meet. */
function turns(orders: readonly Order[], local: ReadonlySet<string>): Order[][] {
  const rolesOf = ({ wanted }: Order) => rolesOfSeries([wanted.series]).toSorted().join(" ");
  const meet = new Set(
    orders.flatMap(({ wanted }) => rolesOfSeries([wanted.series]).filter((role) => local.has(role))),
  );
  return meet.size > 1 ? [...Map.groupBy(orders, rolesOf).values()] : [[...orders]];
}

async function drawAll(orders: readonly Order[], { asker, store, recording, signal }: RecordingParts): Promise<void> {
  signal?.throwIfAborted();
  const made = await Promise.allSettled(
    orders.map(async ({ one, wanted }) => {
      const kept = one.kept.get(place(wanted));
      const usable = kept && isCurrent(asker, one.problem, wanted, kept) ? kept : undefined;
      const draw = usable
        ? await gradedNow(asker, one.problem, await rereadDraw(asker.family, usable))
        : await makeDraw(asker, one.problem, wanted);
      if (draw !== usable) await store.put(recording, draw);
      one.add(place(wanted), draw);
    }),
  );
  // Only now: those beside it are paid for, and kept.
  const failed = made.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** A draw of an earlier run: as it is, unless the answer that grades it has been corrected, or was not known before. */
async function gradedNow(asker: Asker, problem: Problem, kept: Draw): Promise<Draw> {
  const grade = await gradeOf(asker, problem, kept);
  // What was graded once does not lose its grade to a comparison that was not finished this time.
  const isSame = kept.right === grade.right && kept.gradeUnknown === grade.gradeUnknown;
  if (isSame || (grade.gradeUnknown && kept.right !== null)) return kept;
  const { gradeUnknown: _, ...draw } = kept;
  return { ...draw, ...grade };
}
