import { sql } from "drizzle-orm";
import { idList } from "@/lib/db/id-list";
import type { Transaction } from "@/lib/db/client";
import { playableCopies } from "@/lib/db/schema";

/**
 * Recordings were held (`to_lock`) or released from a hold, in the transaction of the caller, who has locked the hold.
 * The locks of their playable copies follow. Another hold may still keep a released one: its copy stays locked.
 */
export async function changeCopyLocks(
  tx: Transaction,
  recordingIds: readonly string[],
  lockState: "to_lock" | "to_unlock",
): Promise<void> {
  const { recordingId, state } = playableCopies;
  const isToChange =
    lockState === "to_lock"
      ? sql`${playableCopies.lockState} is distinct from 'locked'`
      : sql`${playableCopies.lockState} is not null`;
  await tx
    .update(playableCopies)
    .set({ lockState })
    .where(sql`${recordingId} = any(${idList(recordingIds)}) and ${state} = 'ready' and ${isToChange}`);
}
