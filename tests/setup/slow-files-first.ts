import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Short files that run long suites against real stores: begun last, each would keep a worker busy alone. */
const slow = /tests\/(integration\/storage\/|unit\/media\/|security\/)/;

/** Vitest's order, largest file first, but with the slow files before all others. */
export default class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [
      ...sorted.filter(({ moduleId }) => slow.test(moduleId)),
      ...sorted.filter(({ moduleId }) => !slow.test(moduleId)),
    ];
  }
}
