import type { Message } from "../../state/message.js";

type Result = Extract<Message, { role: "tool" }>;

/** What models are told of a call that never came to a result. */
export const NOT_RUN = "not run";

/**
 * A conversation that every provider takes: right after each message with calls stand their results. A call without one (a person
 * said no, a limit ended the run, a process died) is told as not run. A result whose call is gone (a conversation that was cut) is
 * told in words.
 */
export function paired(history: readonly Message[]): Message[] {
  const results = [...history.entries()].filter(([, { role }]) => role === "tool") as [number, Result][];
  const taken = new Set<number>();
  const resultOf = (id: string, from: number): Result | undefined => {
    const found = results.find(([at, { toolCallId }]) => at > from && toolCallId === id && !taken.has(at));
    if (found) taken.add(found[0]);
    return found?.[1];
  };
  const answered = new Map(
    history.map((message, at): [number, Message[]] => {
      const calls = (message.role === "assistant" && message.toolCalls) || [];
      const missing = ({ id, name }: (typeof calls)[number]): Result => ({
        role: "tool",
        content: NOT_RUN,
        toolCallId: id,
        name,
      });
      return [at, calls.map((call) => resultOf(call.id, at) ?? missing(call))];
    }),
  );
  return history.flatMap((message, at): Message[] => {
    if (message.role !== "tool") return [message, ...answered.get(at)!];
    const { name = "a tool", content } = message;
    return taken.has(at) ? [] : [{ role: "assistant", content: `(${name} returned: ${content})` }];
  });
}
