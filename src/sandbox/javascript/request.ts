/** What a worker thread is asked to do; one thread a request. */
export type Request = { memoryMb: number; wallMs: number; outputBytes: number } & (
  | { kind: "program"; code: string; stdin: string }
  | { kind: "syntax"; code: string }
  | { kind: "tests"; program: string; entry?: string; setup: string; tests: readonly string[] }
  | { kind: "calls"; program: string; entry: string; calls: readonly string[] }
);

/** What it says while it works; what it has said stands when it is ended. */
export type Said =
  | { kind: "ready"; thread?: string }
  | { kind: "output"; to: "stdout" | "stderr"; text: string }
  | { kind: "ended"; status: "ok" | "error" | "timeout" | "memory" | "output" | "killed"; why: string }
  | { kind: "loaded"; why?: string }
  | { kind: "verdict"; test: number; passed: boolean; weak: boolean; why?: string }
  | { kind: "answer"; answer: string }
  | { kind: "syntax"; error?: string };
