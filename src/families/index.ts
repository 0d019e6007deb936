import { createAction } from "./action/index.js";
import { createChat } from "./chat/index.js";
import { createChoice } from "./choice/index.js";
import { createCode } from "./code/index.js";
import { createMath } from "./math/index.js";
import type { AnyFamily } from "./types.js";

/** The built-in families, each made when it is first asked for. A new one is a folder and a line here. */
export const families: Readonly<Record<string, () => AnyFamily>> = {
  math: once(createMath),
  "math:program": once(() => createMath({ reasoning: "program" })),
  code: once(createCode),
  "code:agreement": once(() => createCode({ agreement: true })),
  chat: once(createChat),
  choice: once(createChoice),
  "choice:fields": once(() => createChoice({ consensus: "field" })),
  action: once(createAction),
};

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
