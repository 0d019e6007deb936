import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { entry } from "./hub-server.js";

/** A process of its own that pulls the stand-in model. */
export interface SpawnedPull {
  process: ChildProcess;
  /** The first byte has come. */
  progress: Promise<void>;
  /** It waits for another process. */
  waiting: Promise<void>;
  /** All that it printed. */
  ended: Promise<string>;
}

/** Starts a pull in another process; it inherits COPE_HOME. */
export function spawnPull(home: string, hubEndpoint: string): SpawnedPull {
  const module = new URL("../../../src/models/llama/pull.ts", import.meta.url).href;
  const script = join(home, "pull.ts");
  writeFileSync(
    script,
    `import { pull } from "${module}";
     const settings = { catalog: [${JSON.stringify(entry())}], hubEndpoint: "${hubEndpoint}" };
     const said = (line: string) => console.log("said " + line);
     pull("tiny", { ...settings, onNotice: said, onProgress: () => console.log("some") }).then(
       (path) => console.log("done " + path),
       (error) => console.log("failed " + error.message),
     );`,
  );
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  const seen = (word: string) =>
    new Promise<void>((found) => {
      child.stdout.on("data", () => output.includes(word) && found());
    });
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<string>((gone) => child.once("close", () => gone(output)));
  return { process: child, progress: seen("some"), waiting: seen("said Waiting"), ended };
}
