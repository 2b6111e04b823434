/** Set by `npm test -- --thorough`, which is run before a release. */
export const isThorough = process.env.TEST_THOROUGH === "true";

const byDefault = 50;

/** How many seeds, rounds or generated cases a test runs: `all` in a thorough run, otherwise at most 50. */
export const seedCount = (all: number): number => (isThorough ? all : Math.min(all, byDefault));

/** `SEED=123` repeats the batch that begins with that seed. Without it each run has the same seeds. */
export const isRepeated = process.env.SEED !== undefined;

/** The first seed of each batch: of `all` seeds in a thorough run, otherwise of one batch. */
export function seedBatches(all: number, perBatch: number): number[] {
  const first = Number(process.env.SEED ?? 1);
  const batches = isThorough && !isRepeated ? Math.ceil(all / perBatch) : 1;
  return Array.from({ length: batches }, (_, batch) => first + batch * perBatch);
}
