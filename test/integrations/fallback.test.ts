import type { AIMessage } from "@langchain/core/messages";
import { createAgent } from "langchain";
import { expect, it, vi } from "vitest";
import { createCope } from "../../src/index.js";
import { agentTranscript, copeMiddleware } from "../../src/integrations/index.js";
import type { StepReport } from "../../src/integrations/step-message.js";
import { failure, scriptedModel } from "../../src/testing/index.js";
import { acting, adder, asking, UNSURE } from "./agents.js";

const down = () => scriptedModel(() => failure("refused"));
const warnings = () => vi.spyOn(process, "emitWarning").mockImplementation(() => {});

it("a step that is taken since the large model is down is marked in metadata, ledger, bill and transcript, and said aloud", async () => {
  const warned = warnings();
  const { add, added } = adder();
  const agent = createAgent({
    model: acting([UNSURE, "Done."]),
    tools: [add],
    middleware: [copeMiddleware({ large: down(), attempts: 1 })],
  });
  const { messages, cope } = await agent.invoke(asking("What is 2 + 3?"));
  expect(added).toHaveLength(1);
  const { cope: report } = (messages[1] as AIMessage).response_metadata as { cope: StepReport };
  expect(report).toMatchObject({ stage: "small", fallbackFrom: "takeover", confidence: 0.125 });
  expect(report.ledger).toMatchObject({
    fallback: { from: "takeover", to: "small" },
    unanswered: [
      { stage: "guided", role: "large" },
      { stage: "takeover", role: "large" },
    ],
  });
  expect(cope!.bill.fallbacks).toBe(1);
  const told = agentTranscript(messages);
  expect(told).toContain('a fallback, since stage "takeover" gave no step to take');
  expect(told).toContain('the role "large" answered none of its calls in stage "takeover"');
  expect(warned.mock.calls.map(([said]) => said)).toEqual([
    expect.stringMatching(/^the role "large" answered none of its calls in stage "guided" \(.*\)\.$/),
    expect.stringMatching(/"takeover" \(.*\)\. Stage "small" answers in its place\.$/),
  ]);
});

it("a small model that is down is said, though the large one answers; where all answer nothing is", async () => {
  const warned = warnings();
  const large = scriptedModel(({ purpose }) => (purpose === "guideline" ? "Add." : "The answer is \\boxed{5}."));
  const ask = (small = down()) =>
    createCope({ small, large, family: "math", stages: "cope:direct", samples: 2, attempts: 1 })
      .compile()
      .invoke({ question: "2 + 3?" });
  const { answer, ledger } = await ask();
  expect(answer.stage).toBe("takeover");
  expect(ledger.fallback).toBeUndefined();
  expect(ledger.unanswered).toEqual([
    { stage: "small", role: "small", code: expect.any(String) },
    { stage: "guided", role: "small", code: expect.any(String) },
  ]);
  expect(warned).toHaveBeenCalledTimes(2);
  expect((await ask(scriptedModel(() => "\\boxed{5}"))).ledger.unanswered).toBeUndefined();
  expect(warned).toHaveBeenCalledTimes(2);
});
