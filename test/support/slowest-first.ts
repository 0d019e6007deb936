import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that mostly wait. Each starts first, so that the other files run meanwhile rather than before it. */
const WAITING = ["durability/agent-faults.test.ts"];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => WAITING.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}
