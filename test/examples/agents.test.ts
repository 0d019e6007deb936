import { describe, expect, it } from "vitest";
import { agent } from "../../examples/agent.js";
import { deepagent } from "../../examples/deepagent.js";
import { house, world } from "../../examples/world.js";
import { environmentContract, scriptedModel, type Asked, type ScriptedReply } from "../../src/testing/index.js";

const steps = ({ messages }: Asked) => messages.filter(({ role }) => role === "tool").length;
const call = (name: string, args: object): ScriptedReply => ({
  text: "",
  toolCalls: [{ name, args: args as Record<string, unknown> }],
});

describe("the example", () => {
  it("of an agent with three tools answers with what they say, and is advised at one step", async () => {
    const small = scriptedModel((asked) => {
      const advised = asked.messages.some(({ content }) => content.includes("Multiply the fare"));
      const lost = [
        call("multiply", { a: asked.index, b: 42 }),
        call("weekday", { date: `2026-05-0${asked.index! + 1}` }),
      ];
      return [
        call("fare", { from: "Linz", to: "Graz" }),
        advised ? call("multiply", { a: 42, b: 3 }) : lost[asked.index! % 2]!,
        call("weekday", { date: "2026-05-04" }),
        "126 euros, and it is a Monday.",
      ][steps(asked)]!;
    });
    const large = scriptedModel(({ purpose }) =>
      purpose === "guideline" ? "Multiply the fare by the number of people." : "?",
    );
    const { answer, transcript, bill } = await agent({ small, large });
    expect(answer).toBe("126 euros, and it is a Monday.");
    expect(transcript).toContain('2. > multiply {"a":42,"b":3}\n   126\n   (guided: ');
    expect(transcript).toContain("(large advised: Multiply the fare by the number of people.)");
    expect(transcript).toContain("   Monday\n");
    expect(bill).toMatchObject({ steps: 4, byStage: { small: 3, guided: 1 } });
  });

  it("of a deep agent writes a file, beside deepagents' own middleware", async () => {
    const small = scriptedModel((asked) =>
      steps(asked) === 0
        ? call("write_file", { file_path: "/notes/monday.md", content: "We meet at ten." })
        : "It is done.",
    );
    const { answer, files, transcript } = await deepagent({ small, large: scriptedModel([]) });
    expect(answer).toBe("It is done.");
    expect(files).toEqual(["/notes/monday.md"]);
    expect(transcript).toContain("> write_file");
    const offered = small.asked[0]!.tools.map(({ name }) => name);
    expect(offered).toEqual(expect.arrayContaining(["task", "read_file", "edit_file"]));
    expect(small.asked[0]!.system).toContain("You keep notes for a small team.");
  });

  it("of a world of one's own gets into the garden, stood in for at the door", async () => {
    const plan = ["go down", "take the key", "go up", "unlock the door", "go east"];
    const said = ({ messages }: Asked) => messages.filter(({ role }) => role === "assistant").length;
    const small = scriptedModel((asked) => {
      const step = said(asked);
      const unsure = ["go down", "unlock the door", "dance", "wait"][asked.index! % 4];
      return `Action: ${step === 3 ? unsure : plan[step]}`;
    });
    const large = scriptedModel((asked) =>
      asked.purpose === "guideline" ? "Use what you carry." : `Action: ${plan[said(asked)]}`,
    );
    const { done, transcript, bill } = await world({ small, large });
    expect(done).toBe(true);
    expect(transcript).toContain("4. > unlock the door\n   (takeover: ");
    expect(bill.byStage).toEqual({ small: 4, takeover: 1 });
  });
});

environmentContract("The house of the example keeps the contract of environments", house, { runner: { describe, it } });
