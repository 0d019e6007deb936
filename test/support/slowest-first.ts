import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that mostly wait. Each starts first, so that the other files run meanwhile rather than before it. */
const WAITING = ["durability/agent-faults.test.ts"];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => WAITING.some((name) => moduleId.endsWith(name));
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of the base class, not of an array
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}
