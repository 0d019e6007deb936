// Prints the digest of a file.
import { digestOf } from "../../../src/llama/weights/digest.js";

console.log(await digestOf(process.argv[2] ?? ""));
