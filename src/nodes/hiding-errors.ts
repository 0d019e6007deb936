import { isGraphBubbleUp } from "@langchain/langgraph";
import type { Hide } from "../models/hide.js";

/** Does something whose errors are without private texts. What LangGraph throws for itself, as to wait for a person, is no error. */
export async function hidingErrors<T>(hide: Hide, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw isGraphBubbleUp(error) ? error : hide(error);
  }
}
