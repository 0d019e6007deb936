// Executes the notebooks and writes them in place with their outputs: npm run notebooks
import { writeFileSync } from "node:fs";
import { executeNotebook, notebookFile, notebooks } from "./notebook.mjs";
import { installNbconvert } from "./test-parts.mjs";

try {
  installNbconvert();
} catch {
  console.error(
    "nbconvert could not be installed. It needs python3 with pip: apt-get install python3-pip, or python.org.",
  );
  process.exit(1);
}

for (const name of notebooks) {
  try {
    writeFileSync(notebookFile(name), `${JSON.stringify(await executeNotebook(name), undefined, 1)}\n`);
    console.log(`${name}: executed`);
  } catch (error) {
    // The last lines are what the cell's own error says.
    console.error(
      `${name} failed:\n${String(error.stderr ?? error)
        .trim()
        .split("\n")
        .slice(-12)
        .join("\n")}`,
    );
    process.exitCode = 1;
  }
}
