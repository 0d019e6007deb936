import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandForm } from "../../../src/families/action/command-form.js";
import { inOneLine } from "../../../src/families/action/command.js";
import { createAction } from "../../../src/families/action/index.js";
import { executeRequest } from "../../../src/nodes/requests.js";
import type { ActionTask } from "../../../src/families/action/task.js";
import type { Message } from "../../../src/state/message.js";
import { BOOK, say } from "./tasks.js";

const KITCHEN = { question: "You are in a kitchen.", actions: ["look", 'say "open\\sesame"', "go to fridge 1"] };

describe("the form of a command", () => {
  it("names each possible command as it stands, quoted where it must be, and nothing else", () => {
    expect(commandForm(KITCHEN)!.split("\n").at(-1)).toBe(
      String.raw`command ::= "look" | "say \"open\\sesame\"" | "go to fridge 1"`,
    );
    expect(commandForm(KITCHEN)).not.toContain("Answer");
    expect(commandForm({ ...KITCHEN, answers: "numbers" })).toContain('"Answer: "');
  });

  it("leaves out what would only repeat, while anything else is possible", () => {
    const did = (command: string): Message => ({ role: "assistant", content: `Action: ${command}` });
    const look: ActionTask = {
      question: "Nothing happens.",
      history: [say("You are in a kitchen."), did("go to the fridge 1")],
      actions: ["look", "go to fridge 1"],
    };
    expect(commandForm(look)).toMatch(/command ::= "look"$/);
    expect(commandForm({ ...look, mayRepeat: true })).toMatch(/command ::= "look" \| "go to fridge 1"$/);
    expect(commandForm({ ...look, actions: ["go to fridge 1"] })).toMatch(/command ::= "go to fridge 1"$/);
  });

  it("is none where any text may come: without a list, with none that fits, and beside tools", () => {
    expect(commandForm({ question: "A door." })).toBeUndefined();
    expect(commandForm({ ...KITCHEN, actions: [] })).toBeUndefined();
    expect(commandForm({ ...KITCHEN, tools: [BOOK] })).toBeUndefined();
  });

  it("is asked of the executor's model alone, with the call", () => {
    const stage = { name: "solo", execute: { by: "small", temperature: 0 } } as never;
    const asking = { family: createAction(), task: KITCHEN, stage, seed: 0, id: "0/solo/0" };
    expect(executeRequest(asking, {}).sampling.grammar).toBe(commandForm(KITCHEN));
    expect(executeRequest({ ...asking, task: { question: "Hi" } }, {}).sampling).not.toHaveProperty("grammar");
  });

  it("has control characters as escapes that every reader of grammars knows, and lines as spaces", () => {
    const actions = ["press \b", "go\nnorth", " wait "];
    expect(commandForm({ ...KITCHEN, actions })).toContain(String.raw`command ::= "press \x08" | "go north" | "wait"`);
  });

  it("leaves nothing that cannot be read: whatever the thought is, the command is found as the world spells it", async () => {
    const family = createAction();
    const word = fc.oneof(
      fc.stringMatching(/^[a-zA-Z0-9'"()./,*_ \n-]{1,12}$/).filter((text) => text.trim() !== ""),
      fc.constantFrom(".", ",", "!", "press A", "press a", "take the key", "take a key", "2 * 3", "2 _ 3"),
    );
    const actions = fc.uniqueArray(word, { minLength: 1, maxLength: 6, selector: inOneLine });
    const thought = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
      fc.constantFrom("Action", "> look", "Answer is 3", "- Result", "**Action**", "Command"),
    );
    await fc.assert(
      fc.asyncProperty(actions, thought, fc.nat(), async (possible, said, nth) => {
        const line = said.replace(/[\n:=>]/g, "");
        const meant = possible[nth % possible.length]!;
        const text = `${line === "" ? "" : `${line}\n`}Action: ${inOneLine(meant)}`;
        const reading = await family.read(text, { question: "A world.", actions: possible });
        expect(reading?.value).toEqual({ command: meant });
      }),
    );
  });
});
