/** A comparison of ours with the baseline, in one unit, with bounds for the ratio ours / baseline. */
export type BenchRow = {
  what: string;
  unit: string;
  ours: number;
  baseline: number;
  ratio: number;
  /** The direction of a better ratio. `must` and `aim` are bounds in that direction. */
  better: "smaller" | "larger";
  must: number | null;
  aim: number | null;
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs both in turn, so that other load on the machine affects both. Returns the medians. */
export async function interleave(
  rounds: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<{ ours: number; baseline: number; ratio: number }> {
  const measured: { ours: number; baseline: number; ratio: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [first, second] = round % 2 === 0 ? [ours, baseline] : [baseline, ours];
    const values = [await first(), await second()] as const;
    const [own, other] = round % 2 === 0 ? values : [values[1], values[0]];
    measured.push({ ours: own, baseline: other, ratio: own / other });
  }
  return {
    ours: median(measured.map((m) => m.ours)),
    baseline: median(measured.map((m) => m.baseline)),
    ratio: median(measured.map((m) => m.ratio)),
  };
}

/** Returns the median duration of `work` in milliseconds, after a warm-up. */
export async function medianMs(times: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const durations: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await work();
    durations.push(performance.now() - start);
  }
  return median(durations);
}

export const MEBIBYTE = 1024 ** 2;

export const inMebibytes = ({ ours, baseline, ratio }: { ours: number; baseline: number; ratio: number }) => ({
  ours: ours / MEBIBYTE,
  baseline: baseline / MEBIBYTE,
  ratio,
});

/** Returns how much of `amount` is done per second. */
export async function rate(amount: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (amount * 1000) / (performance.now() - start);
}
