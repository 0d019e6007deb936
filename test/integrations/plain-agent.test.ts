import { expect, it } from "vitest";
import { ending, HISTORIES } from "./histories.js";

it.each(Object.keys(HISTORIES))(
  "an agent with the middleware and confident drafts ends as a plain one does: %s",
  async (name) => {
    const plain = await ending(HISTORIES[name]!, false);
    expect(plain).not.toHaveProperty("error");
    expect(await ending(HISTORIES[name]!, true)).toEqual(plain);
  },
);
