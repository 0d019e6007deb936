import { turnBefore, type Problem } from "../problem.js";

/**
 * Several data sets as one: ids become `set/id`, and `about.data` says which set a problem is of, so that tables can be
 * split by it.
 */
export function pool(sets: readonly { name: string; problems: readonly Problem[] }[]): Problem[] {
  return sets.flatMap(({ name, problems }) =>
    problems.map((problem) => {
      const before = turnBefore(problem);
      return {
        ...problem,
        id: `${name}/${problem.id}`,
        ...(before === undefined ? {} : { task: { ...problem.task, after: `${name}/${before}` } }),
        about: { data: name, ...problem.about },
      };
    }),
  );
}
