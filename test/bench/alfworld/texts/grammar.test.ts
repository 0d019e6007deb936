import { describe, expect, it } from "vitest";
import { factOf, Facts } from "../../../../bench/alfworld/engine/pddl/facts.js";
import { objectsOf } from "../../../../bench/alfworld/engine/pddl/typed.js";
import { readGrammar, ruleText, textOf, type Block } from "../../../../bench/alfworld/engine/texts/grammar.js";
import { readTemplate } from "../../../../bench/alfworld/engine/texts/template.js";

const objects = objectsOf(
  [
    { name: "tom", type: "cat" },
    { name: "ann", type: "cat" },
    { name: "rex", type: "dog" },
  ],
  new Map(),
);
const LISTS: Block = {
  list_empty: [{ rhs: "nobody" }],
  list_separator: [{ rhs: ", " }],
  list_last_separator: [{ rhs: " and " }],
};

function scene(facts: readonly string[], block: Block = {}) {
  const there = facts.map((fact) => factOf(fact.split(" ")[0]!, fact.split(" ").slice(1)));
  return {
    grammar: readGrammar([LISTS, block]),
    world: { objects, facts: new Facts(there) },
    entity: (id: string) => ({ id, name: id === "rex" ? "" : id.toUpperCase(), indefinite: "a", definite: "the" }),
  };
}
const say = (template: string, facts: readonly string[] = [], block: Block = {}) =>
  textOf(readTemplate(template), { "?c": "tom" }, scene(facts, block));

describe("a text of the grammar", () => {
  it("names what variables stand for", () => {
    expect(say("{c}, {c.name}, {c.id}, {c.indefinite + ' ' + c.name}!")).toBe("TOM, TOM, tom, a TOM!");
  });

  it("takes the first term that is not empty", () => {
    expect(say("{d.name or d.id} {c.name or c.id}", []).trim()).toBe("TOM");
    expect(say("[{d.name or d.id | sleeps(d:dog)}]", ["sleeps rex"])).toBe("rex");
  });

  it("lists the answers to a query in order, whatever order facts came in", () => {
    const facts = ["sleeps tom", "sleeps rex", "sleeps ann"];
    expect(say("[{x.id | sleeps(x:object)}].", facts)).toBe("ann and rex.");
    expect(textOf(readTemplate("[{x.id | sleeps(x:object)}]"), {}, scene(facts))).toBe("ann, rex and tom");
    expect(say("[{x.id | barks(x:dog)}]", facts)).toBe("nobody");
    expect(say("{x.id | sleeps(x:object)}", facts)).toBe("annrex");
  });

  it("lets two variables never stand for one object, and heeds their types", () => {
    const facts = ["likes tom tom", "likes tom ann", "likes tom rex"];
    expect(say("[{x.id | likes(c:cat, x:object)}]", facts)).toBe("ann and rex");
    expect(say("[{x.id | likes(c:cat, x:dog)}]", facts)).toBe("rex");
  });

  it("takes of a rule's texts the first whose condition holds", () => {
    const block = {
      mood: [
        { condition: "sleeps(c:cat) & fed(c:cat)", rhs: "{c.name} dreams." },
        { condition: "fed(c:cat)", rhs: "{c.name} purrs." },
        { rhs: "{c.name} complains." },
      ],
    };
    expect(say("#mood#", ["fed tom", "sleeps tom"], block)).toBe("TOM dreams.");
    expect(say("#mood#", ["fed tom"], block)).toBe("TOM purrs.");
    expect(say("#mood#", ["sleeps tom"], block)).toBe("TOM complains.");
    expect(say("[{#mood# | sleeps(c:cat)}]", ["sleeps tom"], block)).toBe("TOM complains.");
  });

  it("keeps brackets that are none of its own", () => {
    expect(say("[a] } {c.id}] [{c.id}", [])).toBe("[a] } tom] [tom");
  });

  it("says which rule is missing, and which text cannot be read", () => {
    expect(() => ruleText("mood", {}, scene([]))).toThrow('there is none for "mood"');
    expect(() => readTemplate("{c.colour}")).toThrow('"c.colour" is not understood');
    expect(() => readTemplate("[{c | likes(c)}]")).toThrow('the query "likes(c)" is not understood');
  });
});
