import { AIMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { whyOf, type StepReport } from "./step-message.js";

/**
 * What an agent with `copeMiddleware` did for its latest question, as a text for people: each step with who decided it and why,
 * what tools gave back, and the advice it was given.
 *
 * @example
 * console.log(agentTranscript((await agent.invoke({ messages })).messages));
 */
export function agentTranscript(messages: readonly BaseMessage[]): string {
  const asked = messages.findLastIndex((message) => message.getType() === "human");
  const after = messages.slice(asked + 1);
  const results = new Map(
    after.filter((one) => ToolMessage.isInstance(one)).map((one) => [one.tool_call_id, one.text]),
  );
  const steps = after.filter((one) => AIMessage.isInstance(one));
  const parts = steps.map((message, i) => {
    const { cope: report } = message.response_metadata as { cope?: StepReport };
    const advice = (report?.stages ?? []).flatMap(({ plans }) => plans).filter(({ kind }) => kind === "guideline");
    const calls = (message.tool_calls ?? []).flatMap(({ id = "", name, args }) => [
      `> ${name} ${JSON.stringify(args)}`,
      indented(results.get(id) ?? "(no result)"),
    ]);
    const lines = [
      ...(message.text.trim() === "" ? [] : [message.text]),
      ...calls,
      ...(report ? [`   (${report.stage}: ${whyOf(report)})`] : []),
      ...advice.map(({ by, text }) => `   (${by} advised: ${text})`),
    ];
    return `${i + 1}. ${lines.join("\n")}`;
  });
  return [`Asked: ${messages[asked]?.text ?? ""}`, ...parts].join("\n\n").concat("\n");
}

const indented = (text: string): string => text.replace(/^/gm, "   ");
