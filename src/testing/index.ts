/**
 * Scripted models, tapes, matchers and contracts for your own tests.
 * @module langgraph-cope/testing
 */

// A list of exports, nothing else.

// Models and calls
export { ScriptedModel, scriptedModel } from "./scripted-model.js";
export type { ScriptedModelOptions } from "./scripted-model.js";
export type { Asked, FullReply, Rule, Script, ScriptedReply } from "./script.js";
export type { CallPlace } from "./call-of-seed.js";
export { failure } from "./failures.js";
export type { FailureKind } from "./failures.js";
export { testTape } from "./tape.js";
export type { TestTapeOptions } from "./tape.js";

// Matchers
export { copeMatchers } from "./matchers.js";
export type { CopeMatchers, MatcherResult, RunResult } from "./matchers.js";

// Contracts
export { chatModelContract } from "./chat-model-contract.js";
export { environmentContract } from "./environment-contract.js";
export { familyContract } from "./family-contract.js";
export type { FamilyExamples } from "./family-contract.js";
export { journalContract } from "./journal-contract.js";
export { scorerContract } from "./scorer-contract.js";
export { sameJson, samplesOf } from "./samples.js";
export type { ContractOptions, Runner } from "./suite.js";
