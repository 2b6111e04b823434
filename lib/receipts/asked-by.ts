import type { EventContent } from "@/lib/receipts/read-content";
import type { Asked } from "@/lib/receipts/receipt-schema";

/** Who did what an event tells of: an id and a role, never a name. */
export function askedBy({ actorType, actorId, actorRole }: EventContent): Asked {
  return { type: actorType, id: actorId, role: actorRole };
}
