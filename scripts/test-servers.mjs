// Fetches the real servers, the sandbox, the browser and what executes notebooks, for the tests that need them, unless they are there. What fails is said, and its tests then fail.
import {
  bubblewrap,
  chromium,
  installBubblewrap,
  installChromium,
  installLlamaServer,
  installNbconvert,
  installOllama,
  installPostgres,
  nbconvert,
  PARTS,
  postgres,
} from "./test-parts.mjs";

const parts = [
  ["bubblewrap", installBubblewrap, bubblewrap],
  ["llama.cpp's server", installLlamaServer, PARTS],
  ["Ollama", installOllama, PARTS],
  ["Chromium", installChromium, chromium],
  ["nbconvert", installNbconvert, nbconvert],
  ["PostgreSQL", installPostgres, postgres],
];

for (const [name, install, place] of parts) {
  try {
    install();
    console.log(`${name}: ${place}`);
  } catch (error) {
    console.error(`${name} could not be installed: ${String(error.message).split("\n")[0]}`);
    process.exitCode = 1;
  }
}
