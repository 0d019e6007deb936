import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { solveFlags } from "../src/cli/solve.js";
import { CopeOptions } from "../src/graph/options.js";
import { Budget } from "../src/state/options.js";

const page = readFileSync(join(import.meta.dirname, "../docs/use/options.md"), "utf8");
/** The first cells of the tables' rows. */
const named = [...page.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name);

it("the page of options has a row for each option of createCope and each limit of a budget", () => {
  const options = Object.keys(CopeOptions.shape).filter((name) => name !== "budget");
  const limits = Object.keys(Budget.shape).map((name) => `budget.${name}`);
  expect([...options, ...limits].filter((name) => !named.includes(name))).toEqual([]);
});

it("the page of options names each flag of cope solve that sets something", () => {
  const output = ["json", "trace"];
  const words = Object.entries(solveFlags)
    .filter(([name]) => !output.includes(name))
    .map(([name, { negated }]) => {
      const spelled = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return negated ? `--no-${spelled}` : `--${spelled}`;
    });
  expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
});
