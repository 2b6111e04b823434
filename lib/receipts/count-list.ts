import { notSealedYet } from "@/lib/audit/event-prover";
import { countSealed } from "@/lib/audit/proven-events";
import { assertExportMayStart } from "@/lib/audit/export/export-slots";
import type { ReadDatabase } from "@/lib/db/client";

/**
 * How many recordings a list will have, before its first line is sent.
 * @throws AppError `not_sealed_yet`; `unavailable` while as many lists and exports are being read as may be at once.
 */
export async function countList(db: ReadDatabase, where: string): Promise<number> {
  assertExportMayStart();
  const { events, unsealed } = await countSealed(db, where);
  if (unsealed > 0) throw notSealedYet();
  return events;
}
