// A plain chain: the prompt, the cascade as its model, the text and what it cost. Run it with `npx tsx examples/chain.ts`.
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { pathToFileURL } from "node:url";
import { CopeChatModel, type CopeChatModelFields, type CopeMetadata } from "langgraph-cope/integrations";

/** Answers by the embedded models unless others are given. */
export async function chain(models: Pick<CopeChatModelFields, "small" | "large"> = {}) {
  const prompt = ChatPromptTemplate.fromTemplate("A farm has {cows} cows and {hens} hens. How many legs are there?");
  const model = new CopeChatModel({ family: "math", ...models });
  const { text, response_metadata } = await prompt.pipe(model).invoke({ cows: 3, hens: 5 });
  const { stage, ledger } = response_metadata["cope"] as CopeMetadata;
  return { text, stage, usd: ledger.usd };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(await chain());
