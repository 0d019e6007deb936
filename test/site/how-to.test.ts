import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import {
  calibrateCommand,
  doctorCommand,
  evalCommand,
  modelsCommand,
  replayCommand,
  solveCommand,
  threadsCommand,
} from "../golden/seams.js";
import { KEY } from "../support/cli.js";
import { startOllamaServer } from "../support/ollama-server.js";
import { startOpenAiServer, type ChatRequest, type ServerReply } from "../support/openai-server.js";

const root = join(import.meta.dirname, "../..");
// Inside the project, so that a program's packages are found.
const folder = join(root, ".how-to-test");
const pages = globSync("docs/how-to/*.md", { cwd: root }).map((page) => basename(page, ".md"));

/** A program of a page, and what the page says that it prints. */
interface Shown {
  page: string;
  code: string;
  prints: string;
}

/** Programs whose output follows in the page. */
const shown: Shown[] = pages.flatMap((page) => {
  const blocks = [...readFileSync(join(root, `docs/how-to/${page}.md`), "utf8").matchAll(/^```(\w+)\n(.*?)^```/gms)];
  return blocks.flatMap(([, language, code = ""], i) => {
    const next = blocks[i + 1];
    return language === "ts" && next?.[1] === "text" ? [{ page, code, prints: next[2]! }] : [];
  });
});

/** What the models of a page answer; elsewhere every sample says 42.5. */
const REPLIES: Record<string, (request: Pick<ChatRequest, "model" | "messages">, count: number) => ServerReply> = {
  approve: ({ model, messages }, count) => {
    if (model === "gpt-4o") return "Seat one person first; then arrange the others.";
    return `It is $\\boxed{${messages.some(({ content }) => content.includes("Seat one")) ? 5040 : count}}$.`;
  },
  private: ({ messages }) => ({ status: 401, message: `no access: ${messages.at(-1)!.content}` }),
  json: () => 'It is {"name": "Maria Lopez", "age": 34}.',
  "label-texts": ({ messages }) => (/buy it again/.test(messages.at(-1)!.content) ? "praise" : "blame"),
  programs: () => "```js\nfunction double(n) {\n  return 2 * n;\n}\n```",
  family: () => "7 times 13 is 91, so the answer is no.",
  scorer: () => "Step 1: a tenth is 25. The final answer is $\\boxed{42.5}$.",
  thinking: () => ({ text: "The final answer is $\\boxed{42.5}$.", thinking: "A tenth is 25, so 17 % are 42.5." }),
  conversation: ({ messages }) => `It is $\\boxed{${/twice/.test(messages.at(-1)!.content) ? 240 : 120}}$.`,
};
const plain = ({ messages }: Pick<ChatRequest, "messages">): ServerReply =>
  /teacher/.test(messages[0]!.content) ? "Find 17 hundredths of 250." : "The final answer is $\\boxed{42.5}$.";

/** Commands of all pages: the words after `npx cope`. */
const commands = pages.flatMap((page) =>
  [...readFileSync(join(root, `docs/how-to/${page}.md`), "utf8").matchAll(/npx cope ([^\n`<]+)/g)].map(
    ([, words = ""]) => ({ page, words: words.replaceAll(/"[^"]*"/g, '"…"').trim() }),
  ),
);

const done = () => {};
const program = new Command()
  .addCommand(solveCommand(done))
  .addCommand(evalCommand(done))
  .addCommand(replayCommand())
  .addCommand(calibrateCommand(done))
  .addCommand(threadsCommand())
  .addCommand(modelsCommand())
  .addCommand(doctorCommand(done));

describe("how-to pages", () => {
  const before = process.cwd();
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => vi.unstubAllEnvs());

  it.each(shown)("$page: the program prints what the page says", async ({ page, code, prints }) => {
    const reply = REPLIES[page] ?? plain;
    const [ollama, openai] = [await startOllamaServer(reply), await startOpenAiServer(reply)];
    vi.stubEnv("OLLAMA_BASE_URL", ollama.origin);
    vi.stubEnv("OPENAI_BASE_URL", openai.url);
    vi.stubEnv("OPENAI_API_KEY", KEY);
    mkdirSync(folder, { recursive: true });
    process.chdir(folder);
    writeFileSync("reviews.txt", "I would buy it again.\nIt broke on the first day.\n");
    const file = join(folder, `${page}-${shown.findIndex((one) => one.code === code)}.ts`);
    writeFileSync(file, code);
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    try {
      await import(file);
      expect(log.mock.calls.map((words) => `${words.join(" ")}\n`).join("")).toBe(prints);
    } finally {
      log.mockRestore();
      await Promise.all([ollama.close(), openai.close()]);
    }
  });

  it.each(commands)("$page: `cope $words` has flags that are there", ({ words }) => {
    let command = program;
    for (const word of words.split(" ")) command = command.commands.find((one) => one.name() === word) ?? command;
    expect(command).not.toBe(program);
    const known = command.options.map(({ long }) => long);
    expect(known).toEqual(expect.arrayContaining(words.match(/(?<= )--[a-z-]+/g) ?? []));
  });
});
