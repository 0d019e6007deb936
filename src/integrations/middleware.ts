import { AIMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { Command, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { createMiddleware } from "langchain";
import { z } from "zod";
import { CopeError } from "../errors.js";
import { isChatModel, type ModelLike } from "../models/given.js";
import { hider } from "../models/hide.js";
import { fromLangChain } from "../models/messages.js";
import { toolSpecs } from "../models/tool-specs.js";
import { parseOptions } from "../options-error.js";
import { hidingErrors } from "../nodes/hiding-errors.js";
import type { ToolSpec } from "../state/tool.js";
import { AgentCope, asOfRun, billed, budgetLeft, NO_BILL, spentToo, type AgentBill } from "./bill.js";
import { DecidedModel, StandIn } from "./decided.js";
import { createStepper, taskOf, type StepOptions } from "./step.js";
import { AgentSettings, type ActionTask } from "../families/action/task.js";
import { stepMessage, stepName, type StepReport } from "./step-message.js";
import { structuredAsTools } from "./structured.js";
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
  const { answers, choices, mayRepeat, journalTools, toolErrors: wanted, ...cascade } = options;
  const { toolErrors } = parseOptions(ToolErrors, { toolErrors: wanted }, "copeMiddleware");
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
      const format = request.responseFormat ? structuredAsTools(request.responseFormat) : undefined;
      const endings = toolSpecs((format ?? []).map(({ tool }) => tool as never));
      const tools = [...offered(request), ...endings];
      const forced = isForced(request.toolChoice);
      const name = stepName(config);
      const task: ActionTask = {
        ...taskOf(fromLangChain(request.messages)),
        ...own,
        ...(tools.length > 0 ? { tools } : {}),
        ...(advice ? { advice: advice.text } : {}),
        ...systemOf(request.systemMessage, endings, forced),
      };
      const budget = budgetLeft(cascade.budget, bill);
      const mustCall = forced || endings.length > 0;
      const decide = async () => {
        const step = await stepper.decide({ model: modelOf(request.model), task, mustCall, budget }, config);
        return { step, message: stepMessage(step, tools, name) };
      };
      const { step, message } = await decide().catch((error: unknown) => {
        const { spent } = copeErrorOf(error) ?? {};
        if (spent) bills.set(messages, spentToo(bill, spent));
        throw asOfRun(error, bill);
      });
      const model = new DecidedModel(message);
      const decided = await handler({ ...request, model, ...(format ? { responseFormat: format as never } : {}) });
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

const ToolErrors = z.object({ toolErrors: z.enum(["tell", "throw"]).default("tell") });

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

function modelOf(model: unknown): ModelLike {
  if (model instanceof StandIn) return model.standsFor;
  // `model.withConfig(…)`
  const bound = (model as { bound?: unknown }).bound;
  const found = isChatModel(model) ? model : bound;
  if (isChatModel(found)) return found;
  throw new CopeError(
    "OPTIONS_INVALID",
    "the agent's model is no chat model.",
    "give createAgent a chat model, or its name.",
  );
}

/** What is wanted of a call by the request; a tool that must be called is the only one. */
function offered({ tools, toolChoice }: { tools: readonly unknown[]; toolChoice?: unknown }): ToolSpec[] {
  if (toolChoice === "none") return [];
  const specs = toolSpecs(tools as never);
  const only = (toolChoice as { function?: { name?: string } } | undefined)?.function?.name;
  return only === undefined ? specs : specs.filter(({ name }) => name === only);
}

/** LangChain's `required` and OpenAI's form for one tool, also in other providers' words. */
const isForced = (choice: unknown): boolean => choice !== undefined && choice !== "auto" && choice !== "none";

/** The agent's instructions, and what a call's settings would say where a server knew them. */
function systemOf({ text }: SystemMessage, endings: readonly ToolSpec[], forced: boolean): Pick<ActionTask, "system"> {
  const names = endings.map(({ name }) => name).join(" or ");
  const ending = names && `Every step is a call of a tool. When all is known, end by calling ${names}.`;
  const call = forced && !names ? "This step is a call of a tool." : ending;
  const system = [text, call].filter((part) => part.trim() !== "").join("\n\n");
  return system === "" ? {} : { system };
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
