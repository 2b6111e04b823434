import type { Period } from "@/lib/retention/policies/policy-terms";
import { lastDay } from "@/lib/core/time";

const dayMs = 86_400_000;

/** Every day of a leap cycle, and of the years around 2100, which is not a leap year. */
const starts = [
  [2024, 2028],
  [2096, 2104],
].flatMap(([from, to]) => {
  const first = Date.UTC(from!, 0, 1);
  return Array.from({ length: (Date.UTC(to!, 0, 1) - first) / dayMs }, (_, index) => first + index * dayMs);
});

/** Whether a period can end before another for some first day: 3 months before 90 days, as from 1 February. */
export function isEverShorter(period: Period, than: Period): boolean {
  if (period.unit === than.unit) return period.value < than.value;
  return starts.some((start) => lastDay(start, period) < lastDay(start, than));
}
