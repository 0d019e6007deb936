// Runs under Deno, with the right to read Pyodide's folder and no other: loads Pyodide and runs the script it is given.
// Lines in: the script, then messages. Lines out: a letter, then a message (M), or what the program prints (O, E) as JSON.

interface DenoLike {
  args: string[];
  stdin: { readSync(into: Uint8Array): number | null };
  stdout: { writeSync(from: Uint8Array): number };
  exit(code: number): never;
}
interface Streams {
  setStdin(options: { read(into: Uint8Array): number }): void;
  setStdout(options: { write(from: Uint8Array): number }): void;
  setStderr(options: { write(from: Uint8Array): number }): void;
}
interface Pyodide extends Streams {
  registerJsModule(name: string, module: object): void;
  runPython(code: string): unknown;
}

const deno = (globalThis as unknown as { Deno: DenoLike }).Deno;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const chunk = new Uint8Array(65_536);
let held: Uint8Array[] = [];
let rest = new Uint8Array(0);

/** The next line, waiting for it: Python's calls cannot be suspended. */
function readLine(): string | null {
  for (;;) {
    const end = rest.indexOf(10);
    if (end >= 0) {
      const line = decoder.decode(joined(rest.subarray(0, end)));
      rest = rest.slice(end + 1);
      return line;
    }
    held.push(rest);
    const count = deno.stdin.readSync(chunk);
    if (count === null) return null;
    rest = chunk.slice(0, count);
  }
}

function joined(last: Uint8Array): Uint8Array {
  const parts = [...held, last];
  held = [];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function writeLine(text: string): void {
  let bytes = encoder.encode(`${text}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(deno.stdout.writeSync(bytes));
}

let isQuiet = false;
/** A program's stream; what ends inside a letter is kept for its end. */
function printer(letter: string): { write(from: Uint8Array): number } {
  const text = new TextDecoder();
  return {
    write(from) {
      if (!isQuiet) writeLine(letter + JSON.stringify(text.decode(from, { stream: true })));
      return from.length;
    },
  };
}

const [folder] = deno.args;
const { script, stdin } = JSON.parse(readLine()!) as { script: string; stdin: string };
const { loadPyodide } = (await import(new URL("pyodide.mjs", `file://${folder}`).href)) as {
  loadPyodide(options: { indexURL: string }): Promise<Pyodide>;
};
const pyodide = await loadPyodide({ indexURL: folder! });

const input = encoder.encode(stdin);
let read = 0;
pyodide.setStdin({
  read(into) {
    const part = input.subarray(read, read + into.length);
    into.set(part);
    read += part.length;
    return part.length;
  },
});
pyodide.setStdout(printer("O"));
pyodide.setStderr(printer("E"));
pyodide.registerJsModule("_sandbox_host", {
  read: readLine,
  write: (message: string) => writeLine(`M${message}`),
  quiet: () => {
    isQuiet = true;
  },
});

try {
  pyodide.runPython(script);
  deno.exit(0);
} catch (error) {
  // Python's own exit, or a crash of the interpreter.
  const said = error as { name?: string; status?: number; type?: string; message?: string };
  if (typeof said.status === "number") deno.exit(said.status);
  const code = said.type === "SystemExit" ? /SystemExit: (\d+)/.exec(said.message ?? "")?.[1] : undefined;
  deno.exit(said.type === "SystemExit" ? Number(code ?? 0) : said.type === undefined ? 134 : 1);
}
