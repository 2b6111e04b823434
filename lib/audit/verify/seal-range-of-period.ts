import { planExport } from "@/lib/audit/export/plan-export";
import type { SealRange } from "@/lib/audit/read-seals";
import type { ReadDatabase } from "@/lib/db/client";

/** The seals of a period, in days of the controller's zone; the whole log without one, open to its end without `to`. */
export async function sealRangeOfPeriod(
  db: ReadDatabase,
  { from, to }: { from?: string; to?: string },
): Promise<Partial<SealRange>> {
  if (from === undefined && to === undefined) return {};
  const { firstSeal, lastSeal } = await planExport(db, { from, to });
  if (firstSeal === null || lastSeal === null) return { fromSequence: Number.MAX_SAFE_INTEGER, toSequence: 0 };
  return { fromSequence: from === undefined ? 1 : firstSeal, toSequence: to === undefined ? Infinity : lastSeal };
}
