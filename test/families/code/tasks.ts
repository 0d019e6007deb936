import { CodeTask } from "../../../src/families/code/task.js";

/** A task with its defaults filled in. */
export const taskOf = (task: Record<string, unknown> & { question?: string } = {}): CodeTask =>
  CodeTask.parse({ question: "Write a function that doubles a number.", ...task });

export const DOUBLE = "def double(n):\n    return 2 * n";

/** A head to complete, with a helper and an import above it. */
export const HEAD = [
  "from typing import List",
  "import math",
  "",
  "",
  "def root(n: float) -> float:",
  "    return math.sqrt(n)",
  "",
  "",
  "def roots(numbers: List[float]) -> List[float]:",
  '    """ The square root of each number.',
  "    >>> roots([4, 9])",
  "    [2.0, 3.0]",
  '    """',
].join("\n");
export const headTask = taskOf({ question: HEAD, entryPoint: "roots", tests: ["assert roots([4, 9]) == [2.0, 3.0]"] });
