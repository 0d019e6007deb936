/** One sample to draw. */
export interface Draw {
  prompt: string;
  seed: number;
}

/** What came of one: its output tokens, and milliseconds from the call to the first piece of text. */
export interface Drawn {
  tokens: number;
  firstMs: number;
}

/** Samples that are drawn one after another or at once. */
export interface Load {
  name: string;
  draws: Draw[];
  together: boolean;
}

export const SYSTEM = "You are a helpful assistant.";

const TASK = [
  "Read the example, then solve the problem in the same way, step by step, with the reason for each step, and at length.",
  "Example. A school has 12 classes of 25 pupils each. A third of the pupils come by bus, 40 come by bicycle and the",
  "others walk. How many pupils walk? First we find how many pupils there are: 12 classes of 25 pupils are 12 * 25 = 300",
  "pupils. A third of them come by bus, which is 300 / 3 = 100 pupils. Together with the 40 pupils who come by bicycle,",
  "100 + 40 = 140 pupils do not walk. The others are 300 - 140 = 160 pupils. So 160 pupils walk.",
  "Problem. A baker makes 24 loaves on Monday, twice as many on Tuesday and half as many on Wednesday as on Tuesday, and",
  "sells each loaf for 3 dollars, except for every sixth loaf, which is given away. Flour costs half a dollar a loaf.",
].join("\n");

const ENDS = [
  "How much is earned in all three days?",
  "How much flour is paid for on Tuesday?",
  "How many loaves are given away?",
  "On which day is the most earned?",
  "How many loaves are sold on Wednesday?",
  "What is left of Monday's money after flour?",
  "How much less is earned on Monday than on Tuesday?",
  "What would be earned if none were given away?",
];

/**
 * The loads of one round. Each has a number of its own in front, so that nothing held from an earlier one fits; samples
 * of one load share theirs.
 *
 * @param first - a number that no earlier round used; `loads` uses it and the three after it.
 */
export function loads(first: number): Load[] {
  const equal = (number: number, count: number) =>
    Array.from({ length: count }, (_, seed) => ({ prompt: `(${number}) ${TASK}\n${ENDS[0]}`, seed }));
  const ends = ENDS.map((end, seed) => ({ prompt: `(${first + 3}) ${TASK}\n${end}`, seed }));
  return [
    { name: "one sample", draws: equal(first, 1), together: false },
    { name: "eight, one after another", draws: equal(first + 1, 8), together: false },
    { name: "eight at once, equal prompts", draws: equal(first + 2, 8), together: true },
    { name: "eight at once, different ends", draws: ends, together: true },
  ];
}

/** Runs a load by a function that draws one sample and tells of its first piece; returns its samples in order. */
export async function run(
  { draws, together }: Load,
  draw: (draw: Draw, onFirst: () => void) => Promise<number>,
): Promise<Drawn[]> {
  const timed = async (one: Draw): Promise<Drawn> => {
    const began = performance.now();
    let firstMs: number | undefined;
    const tokens = await draw(one, () => (firstMs ??= performance.now() - began));
    return { tokens, firstMs: firstMs ?? performance.now() - began };
  };
  if (together) return Promise.all(draws.map(timed));
  const drawn = [];
  for (const one of draws) drawn.push(await timed(one));
  return drawn;
}
