import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HISTORY_LIMITS, withHistory } from "../../src/families/history.js";
import { createMath } from "../../src/families/math/index.js";
import type { Message } from "../../src/state/message.js";

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const PROMPT: Message[] = [
  { role: "system", content: "Be brief." },
  user("example"),
  assistant("worked"),
  user("the question"),
];
const conversation = fc.array(
  fc.record({
    role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
    content: fc.oneof(
      fc.string(),
      fc.nat(14_000).map((length) => "x".repeat(length)),
    ),
  }),
  { maxLength: 120 },
);

describe("withHistory", () => {
  it("leaves a prompt as it is where nothing was said before", () => {
    for (const history of [undefined, [], [user(" \n")], [assistant("Hello, how can I help?")]])
      expect(withHistory(PROMPT, history)).toBe(PROMPT);
  });

  it("puts the conversation between worked examples and the question", () => {
    expect(withHistory(PROMPT, [user("a"), assistant("b")])).toEqual([
      ...PROMPT.slice(0, -1),
      user("a"),
      assistant("b"),
      PROMPT.at(-1),
    ]);
  });

  it("adds a conversation's own instructions to the one system message", () => {
    const history: Message[] = [{ role: "system", content: "Speak French." }, user("a"), assistant("b")];
    expect(withHistory(PROMPT, history)[0]).toEqual({ role: "system", content: "Be brief.\n\nSpeak French." });
    expect(withHistory([user("q")], history)).toEqual([...history, user("q")]);
  });

  it("of 200 turns shows the newest, from a user's message on", () => {
    const turns = Array.from({ length: 200 }, (_, i) => [user(`u${i}`), assistant(`a${i}`)]).flat();
    const shown = withHistory([user("q")], turns).slice(0, -1);
    expect(shown).toEqual(turns.slice(-HISTORY_LIMITS.messages));
    expect(withHistory([user("q")], turns.slice(0, -1)).slice(0, -1)[0]!.role).toBe("user");
  });

  it("drops a message that is too long, and all before it", () => {
    const history = [user("a"), assistant("b"), user("x".repeat(HISTORY_LIMITS.characters)), assistant("c"), user("d")];
    expect(withHistory([user("q")], history)).toEqual([user("d"), user("q")]);
  });

  it("keeps within its limits and adds nothing of its own, whatever was said", () => {
    fc.assert(
      fc.property(conversation, (history) => {
        const shown = withHistory([user("q")], history);
        expect(shown.at(-1)).toEqual(user("q"));
        const turns = shown.slice(0, -1).filter(({ role }) => role !== "system");
        const systems = shown.filter(({ role }) => role === "system");
        expect(systems.length).toBeLessThanOrEqual(1);
        expect(turns.length).toBeLessThanOrEqual(HISTORY_LIMITS.messages);
        expect(turns.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThanOrEqual(
          HISTORY_LIMITS.characters,
        );
        expect(turns[0]?.role ?? "user").toBe("user");
        const said = history.filter(({ role, content }) => role !== "system" && content.trim() !== "");
        expect(turns).toEqual(turns.length === 0 ? [] : said.slice(-turns.length));
      }),
    );
  });
});

describe("a family with history", () => {
  const { prompts, task } = createMath();
  const question = "And twice that?";
  const history = [user("What is 3 + 4?"), assistant("The final answer is $\\boxed{7}$.")];

  it("shows planners and executors what was said before", () => {
    const one = task.parse({ question, history });
    for (const messages of [
      prompts.execute(one, {}),
      prompts.plan(one, { kind: "goal", style: "method" }),
      prompts.plan(one, { kind: "guideline", style: "method" }),
    ])
      expect(messages.slice(-3)).toEqual([...history, user(question)]);
  });

  it("asks a first turn as it always did", () => {
    expect(prompts.execute(task.parse({ question }), {})).toEqual(prompts.execute({ question }, {}));
    expect(task.parse({ question })).toEqual({ question });
  });
});
