import { describe, expect, it } from "vitest";
import { createChat } from "../../../src/families/chat/index.js";
import { families } from "../../../src/families/index.js";
import type { Message } from "../../../src/state/message.js";
import { familyContract } from "../../../src/testing/index.js";

const question = "Explain in two sentences why leaves turn red.";
const history: Message[] = [
  { role: "user", content: "Which trees lose their leaves?" },
  { role: "assistant", content: "Deciduous ones, such as maples." },
];

familyContract(
  "chat",
  createChat,
  {
    tasks: [{ question }, { question, history }, { question, turns: ["And yellow?"] }],
    readable: [
      { text: " Chlorophyll fades.\n", value: "Chlorophyll fades." },
      { text: "Chlorophyll fades and then", value: "Chlorophyll fades and then" },
    ],
    unreadable: ["\t\n"],
    same: [["Green  FADES.", "green fades."]],
    different: [["Green fades.", "Red comes."]],
  },
  { runner: { describe, it } },
);

describe("the chat family", () => {
  const chat = createChat();
  const systemOf = (messages: Message[]) => messages[0]!.content;

  it("is built in", () => expect(families["chat"]!().name).toBe("chat"));

  it("asks planners for what a good answer is, and not for the answer, in words of each style", () => {
    const systems = [
      chat.prompts.plan({ question }, { kind: "goal", style: "critique" }),
      ...(["method", "worked", "critique"] as const).map((style) =>
        chat.prompts.plan({ question }, { kind: "guideline", style }),
      ),
    ].map(systemOf);
    expect(new Set(systems).size).toBe(4);
    for (const system of systems) expect(system).toContain("Do not write the answer");
  });

  it("shows everybody the conversation, and reminds planners behind it what to write", () => {
    const plan = chat.prompts.plan({ question, history }, { kind: "guideline", style: "method" });
    expect(plan.slice(-3, -1)).toEqual(history);
    expect(plan.at(-1)!.content).toMatch(/^Explain.*\n\n\(Write one or two sentences/);
    expect(chat.prompts.execute({ question, history }, {}).slice(1)).toEqual([
      ...history,
      { role: "user", content: question },
    ]);
  });

  it("does not show a planner how votes split, since every text is its own answer", () => {
    const style = "critique";
    const votes = [{ answer: "Leaves turn red bec…", votes: 1 }];
    expect(chat.prompts.plan({ question }, { kind: "guideline", style, votes })).toEqual(
      chat.prompts.plan({ question }, { kind: "guideline", style }),
    );
  });

  it("grades nothing by itself, also where there is a reference", async () => {
    expect(await chat.grade!("Green fades.", "Green fades.", { question })).toBeNull();
  });
});
