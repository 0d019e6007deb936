import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { Command, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { createMiddleware } from "langchain";
import { z } from "zod";
import { CopeError } from "../errors.js";
import { hider } from "../models/hide.js";
import { parseOptions } from "../options-error.js";
import { hidingErrors } from "../nodes/hiding-errors.js";
import { AgentCope, asOfRun, billed, budgetLeft, NO_BILL, spentToo, type AgentBill } from "./bill.js";
import { DecidedModel } from "./decided.js";
import { wantedBy } from "./model-request.js";
import { createStepper, type StepOptions } from "./step.js";
import { AgentSettings, type ActionTask } from "../families/action/task.js";
import { stepMessage, stepName, type StepReport } from "./step-message.js";
import { toldToModel } from "./tool-errors.js";
import { onceJournaled } from "./tool-journal.js";

/** Options of `copeMiddleware`: those of `createCope`, for each step. `budget` (less `ms`) holds for a whole run of the agent. */
export interface CopeMiddlewareOptions extends StepOptions, Pick<ActionTask, "answers" | "choices" | "mayRepeat"> {
  /** Whether a tool whose result is journaled is not run again after a crash. @default true with a durable journal */
  journalTools?: boolean;
  /**
   * What becomes of an error that a tool throws, where this middleware wraps tools (a durable journal, `private`): `tell` shows it to
   * the model as a result, as LangChain does without such middleware; `throw` leaves it to middleware before this one, as one that retries.
   *
   * @default "tell"
   */
  toolErrors?: "tell" | "throw";
}

/**
 * Middleware for LangChain's `createAgent`: advice at the failing step only. The agent's own model acts while its sampled next
 * actions agree; when they do not, the large model is asked for a guideline about this step; when that does not settle it, the
 * large model takes this one step. Put it last in the list: docs/agents.md tells why, and what other middleware sees.
 *
 * @example
 * const agent = createAgent({ model: "ollama:qwen3:4b", tools, middleware: [copeMiddleware({ large: "openai:gpt-4o" })] });
 * const { messages, cope } = await agent.invoke({ messages: [{ role: "user", content: "…" }] });
 *
 * @throws CopeError what `createCope` throws for wrong options. At run time LangChain wraps it: see `copeErrorOf`
 */
export function copeMiddleware(options: CopeMiddlewareOptions = {}) {
  parseOptions(z.looseObject({}), options, "copeMiddleware");
  const { answers, choices, mayRepeat, journalTools, toolErrors: errors, ...cascade } = options;
  const { toolErrors } = parseOptions(OfTools, defined({ toolErrors: errors, journalTools }), "copeMiddleware");
  const own = parseOptions(AgentSettings, defined({ answers, choices, mayRepeat }), "copeMiddleware");
  const stepper = createStepper(cascade);
  const hide = hider(cascade.private ?? []);
  const { journal } = stepper;
  const journaled = journalTools ?? journal.durable;
  // Of steps that failed, by what they saw: other middleware may have them decided anew, on the same budget.
  const bills = new WeakMap<object, AgentBill>();
  return createMiddleware({
    name: "copeMiddleware",
    stateSchema: z.object({ cope: AgentCope.optional() }),
    beforeAgent: () => ({ cope: { bill: NO_BILL } }),
    async wrapModelCall(request, handler) {
      const config = configNow(request.runtime);
      const { bill: before, guideline: advice } = request.state.cope ?? { bill: NO_BILL };
      const { messages } = request.state;
      const bill = bills.get(messages) ?? before;
      const name = stepName(config);
      const budget = budgetLeft(cascade.budget, bill);
      const wanted = wantedBy(request, { ...own, ...(advice ? { advice: advice.text } : {}) });
      const decide = async () => {
        const step = await stepper.decide({ ...wanted, budget }, config);
        return { step, message: stepMessage(step, name, wanted.structured) };
      };
      const { step, message } = await decide().catch((error: unknown) => {
        const { spent } = copeErrorOf(error) ?? {};
        if (spent) bills.set(messages, spentToo(bill, spent));
        throw asOfRun(error, bill);
      });
      const responseFormat = wanted.structured?.format as never;
      const model = new DecidedModel(message);
      const decided = await handler({ ...request, model, ...(responseFormat ? { responseFormat } : {}) });
      // LangChain's callbacks run in the background: they go first, or a stream of messages may end without this one.
      await new Promise(setImmediate);
      // Structured output ends the run, and leaves room for nothing beside it: `afterAgent` bills it.
      if (!AIMessage.isInstance(decided)) return decided;
      const written = step.guideline && { ...step.guideline, step: bill.steps + 1 };
      const guideline = written ?? advice;
      const cope = { bill: billed(bill, step.answer.stage, step.ledger), ...(guideline ? { guideline } : {}) };
      return new Command({ update: { cope } });
    },
    afterAgent({ cope, messages, structuredResponse }: AgentState) {
      if (!cope || structuredResponse === undefined) return undefined;
      const { stage, ledger } = reportIn(messages.findLast((message) => reportIn(message) !== undefined)) ?? {};
      return stage && ledger ? { cope: { ...cope, bill: billed(cope.bill, stage, ledger) } } : undefined;
    },
    wrapToolCall:
      journaled || cascade.private
        ? async (request, handler) => {
            const { toolCall, state, runtime } = request;
            const thread: unknown = (configNow(runtime).configurable ?? {})["thread_id"];
            const call = async () => handler(request);
            const failed = { toolCall, signal: runtime.signal, hide };
            const run = () =>
              toolErrors === "tell"
                ? call().catch((error: unknown) => toldToModel(error, failed))
                : hidingErrors(hide, call);
            // Ids of other models' calls need not be unique in a thread.
            if (!journaled || typeof thread !== "string" || !isOurs(toolCall.id, state.messages)) return run();
            return onceJournaled(journal, { thread, toolCall, hide }, run);
          }
        : undefined,
  });
}

const OfTools = z.object({
  toolErrors: z.enum(["tell", "throw"]).default("tell"),
  journalTools: z.boolean().optional(),
});

const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The coded error within what an agent threw: LangChain wraps what middleware throws. */
export function copeErrorOf(error: unknown): CopeError | undefined {
  for (let inner = error; inner; inner = (inner as { cause?: unknown }).cause)
    if (CopeError.isInstance(inner)) return inner;
  return undefined;
}

/** The config of the node around, in which an inner graph shares saver and namespace. */
function configNow(runtime: { configurable?: Record<string, unknown> | undefined }): LangGraphRunnableConfig {
  const around = AsyncLocalStorageProviderSingleton.getRunnableConfig() as LangGraphRunnableConfig | undefined;
  return around ?? { configurable: runtime.configurable ?? {} };
}

/** What is read of the agent's state when it is done. */
interface AgentState {
  messages: readonly BaseMessage[];
  cope?: AgentCope | undefined;
  structuredResponse?: unknown;
}

/** How a decided step came about; undefined for messages that are none of ours. */
const reportIn = (message: BaseMessage | undefined): StepReport | undefined =>
  AIMessage.isInstance(message) ? ((message.response_metadata as { cope?: StepReport }).cope ?? undefined) : undefined;

const isOurs = (id: string | undefined, messages: readonly BaseMessage[]): boolean =>
  messages.some(
    (message) => reportIn(message) !== undefined && (message as AIMessage).tool_calls?.some((call) => call.id === id),
  );
