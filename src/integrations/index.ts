// In people's own agents: a list of exports, nothing else.

export { CopeChatModel } from "./chat-model.js";
export type { CopeMetadata } from "./chat-message.js";
export type { CopeChatModelCallOptions, CopeChatModelFields } from "./chat-options.js";
export { copeTool } from "./tool.js";
export type { CopeArtifact, CopeToolOptions } from "./tool.js";
export { CopeEvent } from "../state/event.js";

// Agents
export { createCopeAgent } from "./agent.js";
export type { CopeEnvironmentAgentOptions, CopeToolAgentOptions } from "./agent.js";
export type { AgentBill, AgentCope } from "./bill.js";
export type { EnvironmentStep } from "./environment-state.js";
export { copeErrorOf, copeMiddleware } from "./middleware.js";
export type { CopeMiddlewareOptions } from "./middleware.js";
export { agentTranscript } from "./agent-transcript.js";
export type { StepReport } from "./step-message.js";
