import { describe, expect, it } from "vitest";
import { readDomain } from "../../../../bench/alfworld/engine/pddl/domain.js";
import { readProblem } from "../../../../bench/alfworld/engine/pddl/problem.js";

const domain = (action: string) =>
  readDomain(`(define (domain d)\n(:predicates (p ?x) (q ?x ?y))\n(:action a ${action}))`, "rules");
const effect = (text: string) => domain(`:parameters (?x) :effect ${text}`);

describe("a domain", () => {
  it("has actions with typed parameters, a condition, and effects; what they cost is passed over", () => {
    const [action] = domain(
      ":parameters (?x ?y - t ?z) :precondition () :effect (and (increase (total-cost) 1) (when (p ?x) (not (p ?y))))",
    ).actions;
    expect(action).toMatchObject({
      name: "a",
      parameters: [
        { name: "?x", type: "t" },
        { name: "?y", type: "t" },
        { name: "?z", type: "object" },
      ],
      precondition: { kind: "and", of: [] },
      effects: [{ atom: { predicate: "p", args: ["?y"] }, holds: false, when: { kind: "atom", predicate: "p" } }],
    });
  });

  it.each([
    ["a variable from nowhere", ":parameters (?x) :precondition (p ?y)", "?y is no parameter"],
    ["the same in an effect's condition", ":parameters (?x) :effect (when (p ?y) (p ?x))", "?y is no parameter"],
    ["an unknown predicate", ":parameters (?x) :precondition (exists (?y) (r ?x ?y))", "no predicate r of 2"],
    ["a predicate of too many", ":parameters (?x) :effect (p ?x ?x)", "no predicate p of 2"],
    ["a condition it does not know", ":parameters (?x) :precondition (imply (p ?x) (p ?x))", '"imply"'],
    ["a type missing", ":parameters (?x -) :precondition ()", "a type is missing"],
  ])("is refused with %s", (_, action, why) => {
    expect(() => domain(action)).toThrow(why);
  });

  it.each([
    ["forall", "(forall (?y) (p ?y))"],
    ["assign", "(assign (total-cost) 3)"],
  ])("is refused with an effect of the kind %s", (kind, text) => {
    expect(() => effect(text)).toThrow(`no effect of the kind "${kind}"`);
  });

  it("says where it is wrong", () => {
    expect(() => domain(":precondition (p ?y)")).toThrow("rules, line 3: ?y is no parameter of the action.");
    expect(() => readDomain("(define (domain d) (:derived (p ?x) (q ?x)))", "rules")).toThrow('":derived"');
  });
});

describe("a problem", () => {
  it("has objects, facts at the start, and a goal", () => {
    const text =
      "(define (problem p) (:objects A b - t c) (:init (p A) (= (total-cost) 0)) (:goal (exists (?x - t) (p ?x))))";
    expect(readProblem(text, "game")).toMatchObject({
      objects: [
        { name: "a", type: "t" },
        { name: "b", type: "t" },
        { name: "c", type: "object" },
      ],
      start: [{ key: "p a" }],
      goal: { kind: "exists" },
    });
  });

  it.each([
    ["(define (problem p) (:init))", "there is no goal"],
    ["(define (problem p) (:goal (p ?x)))", "?x is not bound"],
    ["(problem p)", "(define …) is needed"],
  ])("%s is refused", (text, why) => {
    expect(() => readProblem(text, "game")).toThrow(why);
  });
});
