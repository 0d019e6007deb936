import { describe, it } from "vitest";
import { environmentContract } from "../../../src/testing/index.js";
import { playLighthouse } from "./files.js";

environmentContract("ALFWorld's engine keeps the contract of environments", () => playLighthouse().play, {
  runner: { describe, it },
});
