// Fetches the real servers that tests run against, unless they are there. What fails is said, and its tests then fail.
import { installLlamaServer, installOllama, PARTS } from "./test-parts.mjs";

for (const [name, install] of Object.entries({ "llama.cpp's server": installLlamaServer, Ollama: installOllama })) {
  try {
    install();
    console.log(`${name}: in ${PARTS}`);
  } catch (error) {
    console.error(`${name} could not be installed: ${String(error.message).split("\n")[0]}`);
    process.exitCode = 1;
  }
}
