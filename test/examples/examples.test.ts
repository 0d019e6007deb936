import { describe, expect, it } from "vitest";
import { chain } from "../../examples/chain.js";
import { subgraph } from "../../examples/subgraph.js";
import { scriptedModel, type Asked, type ScriptedReply } from "../../src/testing/index.js";

const model = (reply: (asked: Asked) => ScriptedReply, guideline = "Count.") =>
  scriptedModel((asked) => (asked.purpose === "execute" ? reply(asked) : guideline));
const boxed = (n: number | string) => `It is $\\boxed{${n}}$.`;

describe("the example", () => {
  it("of a chain answers", async () => {
    const large = model(() => boxed(0));
    expect(await chain({ small: model(() => boxed(22)), large })).toEqual({
      text: boxed(22),
      stage: "solo",
      usd: null,
    });
    expect(large.asked).toEqual([]);
  });

  it("of a subgraph waits for a person, uses the guideline as edited, and adds one answer to its parent's messages", async () => {
    const small = model(({ user, index }) => boxed(user.includes("edited") ? 100 : index!));
    const shown: string[] = [];
    const edit = (guideline: string) => (shown.push(guideline), `${guideline} (edited)`);
    const texts = await subgraph({ small, large: model(() => boxed(0), "Square ten.") }, edit);
    expect(shown).toEqual(["Square ten."]);
    expect(texts.slice(1)).toEqual([boxed(100), "Thank you."]);
  });
});
