import type { Json } from "../../state/json.js";
import type { Message } from "../../state/message.js";
import type { Problem } from "../problem.js";
import type { Judged } from "./prompts.js";

/** What a judge is told of a problem. */
export function judgedOf({ task, gold }: Problem): Judged {
  const history = task["history"] as unknown as Message[] | undefined;
  const reference = referenceOf(gold);
  return {
    question: task.question,
    ...(history ? { history } : {}),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** A gold that is a text, or a chat's, whose first turn answers the question. */
function referenceOf(gold: Json): string | undefined {
  const turns = typeof gold === "object" && gold !== null && "turns" in gold ? (gold.turns as Json) : undefined;
  const found = Array.isArray(turns) ? (turns as Json[])[0] : gold;
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
}
