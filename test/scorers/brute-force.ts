/**
 * What all n draws lead to, found the plain way and without a line of the code under test. A label is a sample's answer
 * class, -1 an unreadable sample; `winner` is the index of the accepted answer's first sample.
 */
export function allDraws(labels: readonly number[], threshold: number): number | "escalate" {
  let winner = -1;
  let most = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0 || labels.indexOf(labels[i]!) < i) continue;
    let votes = 0;
    for (const label of labels) if (label === labels[i]) votes++;
    if (votes > most) [winner, most] = [i, votes];
  }
  return winner >= 0 && most / labels.length >= threshold ? winner : "escalate";
}

/** Every way n draws can fall into classes: labels numbered by first appearance, -1 = unreadable. Bell(n + 1) of them. */
export function* canonicalSequences(n: number, prefix: number[] = [], classes = 0): Generator<number[]> {
  if (prefix.length === n) return yield prefix.slice();
  for (let label = -1; label <= classes; label++) {
    prefix.push(label);
    yield* canonicalSequences(n, prefix, label === classes ? classes + 1 : classes);
    prefix.pop();
  }
}

/** Every threshold that can matter among n draws: 0, each k/n, a hair to both sides of it, between two, and above all. */
export function thresholdsFor(n: number): number[] {
  const exact = Array.from({ length: n }, (_, k) => (k + 1) / n);
  const around = exact.flatMap((t) => [t - Number.EPSILON / 2, t - 0.5 / n, t + Number.EPSILON]);
  return [0, ...exact, ...around];
}

/** The votes of each class in order of first appearance. */
export function countsOf(labels: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const label of labels) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()];
}

const fill = (label: number, size: number): number[] => Array.from({ length: size }, () => label);

/** All completions of a prefix that could be meant to turn the decision, and a few that could not. */
export function adversarialCompletions(prefix: readonly number[], n: number): number[][] {
  const rest = n - prefix.length;
  const seen = [...new Set(prefix.filter((label) => label >= 0))];
  const unseen = seen.length;
  const targets = [-1, ...seen, unseen];
  // Everything to one class; or split at every place between two, so that ties and near ties all occur.
  return targets.flatMap((first) =>
    targets.flatMap((second) =>
      Array.from({ length: rest + 1 }, (_, cut) => [...prefix, ...fill(first, cut), ...fill(second, rest - cut)]),
    ),
  );
}
