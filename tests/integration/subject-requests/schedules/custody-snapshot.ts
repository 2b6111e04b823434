import { sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { recordings } from "@/lib/db/schema";
import type { Schedule } from "./world";

const { id, state, deletionReason, deletionOrderId, retainUntil, minimumUntil, blockedAt, deletedAt } = recordings;
const columns = { id, state, deletionReason, deletionOrderId, retainUntil, minimumUntil, blockedAt, deletedAt };

export type CustodyRow = Pick<typeof recordings.$inferSelect, keyof typeof columns> & { isHeld: boolean };
export type Custody = ReadonlyMap<string, CustodyRow>;

/** What stands about the recordings of these schedules now. */
export async function custodyOf(schedules: readonly Schedule[]): Promise<Custody> {
  const ids = idList(schedules.flatMap((schedule) => schedule.recordings.map((recording) => recording.id)));
  const isHeld = sql<boolean>`exists (select from legal_hold_recordings held
    where held.recording_id = ${id} and held.released_at is null)`;
  const rows = await database()
    .select({ ...columns, isHeld })
    .from(recordings)
    .where(sql`${id} = any(${ids})`);
  return new Map(rows.map((row) => [row.id, row]));
}
