import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
} from "quickjs-emscripten-core";

/** Why a runtime gives no answer any more. */
export class RealmLost extends Error {
  override readonly name = "RealmLost";
  readonly status: "timeout" | "memory" | "output" | "killed";
  constructor(status: RealmLost["status"]) {
    super(LOST[status]);
    this.status = status;
  }
}

const LOST = {
  timeout: "timeout",
  memory: "it ran out of memory",
  output: "its output is too large",
  killed: "it crashed",
};

/** What a text threw. */
export class Thrown extends Error {
  override readonly name = "Thrown";
}

/** Takes what a program prints; false when it is too much. */
export type Print = (text: string, to: "stdout" | "stderr") => boolean;

/** A runtime of its own in a WebAssembly memory of its own, which knows nothing of the machine and goes with its thread. */
export interface Realm {
  /** Runs a text as a script, and all jobs it leaves. @throws Thrown, RealmLost */
  run(text: string, file: string): void;
  /** Whether a text is a script. @throws Thrown with the syntax error */
  compile(text: string): void;
  /** Puts sources together in a scope of their own that ends in these functions; they take and return texts. */
  install<Name extends string>(
    sources: string,
    names: readonly Name[],
  ): Record<Name, (...args: (string | QuickJSHandle)[]) => string>;
  /** A function of ours that the runtime may call with a text. */
  expose(answer: (text: string) => string): QuickJSHandle;
  jobs(): void;
}

/** Node has it; the type library without a browser's names does not. */
const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (pages: Size) => never } }).WebAssembly;
interface Size {
  initial: number;
  maximum: number;
}
/** Pages of WebAssembly in a megabyte. */
const PAGES = 16;
/** What the module asks for at least and at most, megabytes. */
const [LEAST_MEMORY, MOST_MEMORY] = [16, 2048];
/** Stack of a runtime, bytes: well under what WebAssembly gives it. */
const STACK = 512 * 1024;

export async function openRealm(limits: { memoryMb: number; isTimeUp: () => boolean }, print: Print): Promise<Realm> {
  // The runtime's own limit counts no bytes in this build; a memory that cannot grow holds whatever it counts.
  const maximum = Math.min(limits.memoryMb, MOST_MEMORY) * PAGES;
  const wasmMemory = new Memory({ initial: LEAST_MEMORY * PAGES, maximum });
  const growth = watchGrowth(wasmMemory);
  const { default: variant } = await import("@jitl/quickjs-wasmfile-release-sync");
  const wasm = await newQuickJSWASMModuleFromVariant(newVariant(variant as never, { wasmMemory }));
  const runtime = wasm.newRuntime();
  runtime.setMaxStackSize(STACK);
  const vm: QuickJSContext = runtime.newContext();
  let lost: RealmLost["status"] | undefined;
  runtime.setInterruptHandler(() => {
    if (limits.isTimeUp()) lost ??= "timeout";
    return lost !== undefined;
  });

  /** Whatever fails, a runtime that was interrupted or is broken is not asked again. */
  const guarded = <T>(act: () => T): T => {
    if (lost) throw new RealmLost(lost);
    try {
      const value = act();
      if (lost) throw new RealmLost(lost);
      return value;
    } catch (error) {
      if (error instanceof Thrown && !lost) throw error;
      // What WebAssembly itself throws leaves its memory in an unknown state.
      if (!(error instanceof RealmLost)) lost ??= "killed";
      throw new RealmLost(lost!);
    }
  };
  const value = (result: ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle => {
    if (!result.error) return result.value;
    const text = saidOf(vm, result.error);
    result.error.dispose();
    if (/InternalError: out of memory/.test(text)) lost ??= "memory";
    throw new Thrown(text);
  };
  const jobs = (): void => {
    // What ran before may have found no memory and gone on without; a job that finds none may end as no error at all.
    growth.refused = false;
    const left = runtime.executePendingJobs();
    if (growth.refused) lost ??= "memory";
    if (left.error) {
      const text = saidOf(vm, left.error);
      left.error.dispose();
      throw new Thrown(text);
    }
    left.dispose();
  };

  const printer = vm.newFunction("print", (text, isError) => {
    if (!print(vm.getString(text), vm.dump(isError) === true ? "stderr" : "stdout")) lost ??= "output";
  });
  vm.setProp(vm.global, "print", printer);
  printer.dispose();
  value(vm.evalCode(CONSOLE)).dispose();

  return {
    run: (text, file) =>
      guarded(() => {
        value(vm.evalCode(text, file)).dispose();
        jobs();
      }),
    compile: (text) => guarded(() => value(vm.evalCode(text, "program.js", { compileOnly: true })).dispose()),
    install(sources, names) {
      const made = value(vm.evalCode(`(() => {${sources}\nreturn { ${names.join(", ")} };\n})()`, "sandbox.js"));
      const entries = names.map((name) => {
        const method = vm.getProp(made, name);
        return [
          name,
          (...args: (string | QuickJSHandle)[]) =>
            guarded(() => {
              const given = args.map((arg) => (typeof arg === "string" ? vm.newString(arg) : arg));
              const back = value(vm.callFunction(method, vm.undefined, ...given));
              const text = vm.typeof(back) === "string" ? vm.getString(back) : "";
              back.dispose();
              return text;
            }),
        ] as const;
      });
      return Object.fromEntries(entries) as ReturnType<Realm["install"]> as never;
    },
    expose: (answer) => vm.newFunction("ask", (text) => vm.newString(answer(vm.getString(text)))),
    jobs: () => guarded(jobs),
  };
}

/** `console`, on one function of ours. */
const CONSOLE = `{
  const write = print;
  delete globalThis.print;
  const shown = (value) => {
    if (typeof value === "string") return value;
    try {
      return typeof value === "object" && value !== null && !(value instanceof Error) ? JSON.stringify(value) : String(value);
    } catch {
      return typeof value;
    }
  };
  const logTo = (isError) => (...values) => write(values.map(shown).join(" ") + "\\n", isError);
  const [log, error] = [logTo(false), logTo(true)];
  globalThis.console = { log, info: log, debug: log, warn: error, error };
}`;

function saidOf(vm: QuickJSContext, error: QuickJSHandle): string {
  const dumped: unknown = vm.dump(error);
  if (typeof dumped === "object" && dumped !== null && "message" in dumped) {
    const { name = "Error", message, stack } = dumped as { name?: unknown; message: unknown; stack?: unknown };
    const line = /program\.js:(\d+)/.exec(String(stack))?.[1];
    return `${line === undefined ? "" : `line ${line}: `}${String(name)}: ${String(message)}`.slice(0, 300);
  }
  return String(dumped).slice(0, 300);
}

/** Sees whether a memory's last wish to grow was refused. The runtime asks for more than it needs first, and then for less. */
function watchGrowth(memory: { grow(pages: number): number }): { refused: boolean } {
  const grow = memory.grow.bind(memory);
  const growth = { refused: false };
  memory.grow = (pages) => {
    growth.refused = true;
    const before = grow(pages);
    growth.refused = false;
    return before;
  };
  return growth;
}
