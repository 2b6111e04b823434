/** What a piece of work that did not end in time is given up with. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/**
 * Waits for work, and no longer than `limitMs`. Work that takes longer is not stopped: it goes on alone, and what it writes must be
 * conditional.
 * @throws OutOfTime, and what the work throws.
 */
export async function withinTime<Result>(limitMs: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime(`not done within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work(), limit]).finally(() => clearTimeout(timer));
}
