// Prints the digest of a file.
import { digestOf } from "../../../src/models/llama/digest.js";

console.log(await digestOf(process.argv[2] ?? ""));
