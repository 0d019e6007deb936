import { CopeError } from "../../errors.js";
import type { Evaluation } from "../evaluation.js";
import { rowOf, type RowOptions } from "./row.js";
import type { Part, Summary } from "./types.js";

/** The field that says which data set a pooled problem is of. */
export const DATA = "data";

/**
 * The methods' lines once more for every value of a field.
 *
 * @throws CopeError `OPTIONS_INVALID` where no problem has the field
 */
export function partsBy(
  evaluation: Evaluation,
  fields: readonly string[],
  canGrade: readonly boolean[],
  options: RowOptions,
): Summary["parts"] {
  const { problems } = evaluation;
  const pooled = new Set(problems.map(({ about }) => about[DATA])).size > 1;
  const wanted = [...new Set([...(pooled ? [DATA] : []), ...fields])];
  return wanted.map((by) => {
    const places = Map.groupBy(problems.keys(), (i) => problems[i]!.about[by]);
    const values = [...places.keys()].filter((value) => value !== undefined).toSorted(inOrder);
    if (values.length === 0) throw unknown(by, problems);
    return { by, of: values.map((value) => partOf(value, places.get(value)!, evaluation, canGrade, options)) };
  });
}

function partOf(
  value: string,
  places: readonly number[],
  { methods, outcomes }: Evaluation,
  canGrade: readonly boolean[],
  options: RowOptions,
): Part {
  const at = <T>(of: readonly T[]) => places.map((i) => of[i]!);
  const large = outcomes.get("large");
  const rows = methods.map((method) =>
    rowOf(
      {
        method,
        outcomes: at(outcomes.get(method.name)!),
        large: large && at(large),
        canGrade: at(canGrade),
      },
      options,
    ),
  );
  return { value, problems: places.length, methods: rows };
}

const inOrder = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

function unknown(by: string, problems: Evaluation["problems"]): CopeError {
  const known = [...new Set(problems.flatMap(({ about }) => Object.keys(about)))].join(", ") || "none";
  return new CopeError("OPTIONS_INVALID", `no problem has the field "${by}".`, `problems can be parted by: ${known}.`);
}
