/** Error for work that did not end in time. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/**
 * Waits for work for at most `limitMs`. Slower work is not stopped: it continues, so its writes must be conditional.
 * @throws OutOfTime, and the errors of the work.
 */
export async function withinTime<Result>(limitMs: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime(`not done within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work(), limit]).finally(() => clearTimeout(timer));
}
