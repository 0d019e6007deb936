import { statSync } from "node:fs";

/** What the stand-in for node-llama-cpp was asked to do. */
export const seen = {
  /** Paths of weights, as they were loaded. */
  loaded: [] as string[],
  /** Paths of weights, as they were freed. */
  freed: [] as string[],
  contexts: [] as { contextSize: number; sequences: number; threads: number }[],
  /** Bytes that a context is said to take. */
  contextBytes: 0,
  /** Called while weights are loaded. */
  whileLoading: () => {},
};

/** A stand-in for node-llama-cpp that loads nothing, for `vi.mock`. */
export function fakeEngine() {
  return {
    LlamaLogLevel: { disabled: "disabled" },
    JinjaTemplateChatWrapper: Object,
    GgufInsights: {
      from: async (path: string) => ({
        trainContextSize: 4096,
        modelSize: statSync(path).size,
        estimateContextResourceRequirements: () => ({ cpuRam: seen.contextBytes }),
      }),
    },
    readGgufFileInfo: async (path: string) => path,
    getLlama: async ({ maxThreads }: { maxThreads: number }) => ({
      gpu: false,
      maxThreads,
      dispose: async () => {},
      async loadModel({ modelPath }: { modelPath: string }) {
        seen.loaded.push(modelPath);
        seen.whileLoading();
        return {
          size: statSync(modelPath).size,
          trainContextSize: 4096,
          fileInfo: { metadata: { tokenizer: { chat_template: "{{ messages }}" } } },
          tokenizer: {},
          dispose: async () => void seen.freed.push(modelPath),
          createContext: async (options: (typeof seen.contexts)[number]) => {
            seen.contexts.push(options);
            return { getSequence: () => ({}), dispose: async () => {} };
          },
        };
      },
    }),
  };
}
