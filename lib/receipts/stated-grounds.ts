import { and, eq } from "drizzle-orm";
import { isDeepStrictEqual } from "node:util";
import type { ReadDatabase } from "@/lib/db/client";
import { deletionOrders, subjectRequestDecisions, subjectRequestRights } from "@/lib/db/schema";
import { orderGrounds } from "@/lib/db/schema/deletion";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { legalGrounds } from "@/lib/deletion/callers";
import { wordsDigest } from "@/lib/deletion/legal-ground";
import { codeSuccessorOf, currentName } from "@/lib/operation/audit-actions";

/** The provision of the LGPD behind each right under which recordings are deleted. */
const groundOfRight: Partial<Record<RequestRight, string>> = {
  unnecessary_data: "lgpd_18_iv",
  deletion: "lgpd_18_vi",
  consent_withdrawal: "lgpd_18_ix",
  objection: "lgpd_18_par2",
};

/** Reasons for which the person who orders the deletion may choose a ground. */
const chosenFor = ["deletion_order", "lost", "card_data"];

type Stated = { legalGrounds: string[]; groundWords?: string };

/**
 * The provisions that a receipt states: of retention those that end it, of a request those of the rights that the DPO
 * granted, of an order the one that was chosen. Otherwise none, because nobody chose one.
 */
export async function statedGrounds(
  db: ReadDatabase,
  reason: string,
  { orderId, recordingId }: { orderId: string | null; recordingId?: string },
): Promise<Stated> {
  if (orderId === null) return { legalGrounds: legalGrounds(reason) };
  if (reason === "erasure") return { legalGrounds: await groundsOfRequest(db, orderId, recordingId) };
  const { id, legalGround, legalGroundWords } = deletionOrders;
  const [order] = await db.select({ legalGround, legalGroundWords }).from(deletionOrders).where(eq(id, orderId));
  if (!order?.legalGround) return { legalGrounds: legalGrounds(reason) };
  return {
    legalGrounds: [order.legalGround],
    ...(order.legalGroundWords === null ? {} : { groundWords: order.legalGroundWords }),
  };
}

async function groundsOfRequest(db: ReadDatabase, orderId: string, recordingId?: string): Promise<string[]> {
  const { processId, deletionOrderId, recordingId: decided } = subjectRequestDecisions;
  const rows = await db
    .selectDistinct({ right: subjectRequestRights.right })
    .from(subjectRequestDecisions)
    .innerJoin(subjectRequestRights, eq(subjectRequestRights.id, processId))
    .where(and(eq(deletionOrderId, orderId), recordingId === undefined ? undefined : eq(decided, recordingId)));
  return rows.flatMap(({ right }) => groundOfRight[right] ?? []).toSorted();
}

const company = ["lgpd_15_i", "lgpd_16"];
/** What receipts of earlier versions stated for a reason, whoever had chosen it. They stay valid. */
const statedBefore: Record<string, readonly string[]> = {
  ...{ deletion_order: company, lost: company, card_data: company },
  erasure: ["lgpd_18_iv", "lgpd_18_vi", "lgpd_16"],
};

/** Whether a receipt may state these provisions for its reason. */
export function mayState(reason: string, stated: readonly string[]): boolean {
  const current = currentName(codeSuccessorOf, reason);
  if ([legalGrounds(reason), statedBefore[current]].some((list) => isDeepStrictEqual(list, stated))) return true;
  if (chosenFor.includes(current)) return stated.length === 1 && orderGrounds.some((ground) => ground === stated[0]);
  return current === "erasure" && stated.every((ground) => Object.values(groundOfRight).includes(ground));
}

/**
 * Whether the event by which somebody ordered a deletion records the ground that a receipt states. Events of before
 * grounds could be chosen, and of deletions for which none can be, record none.
 */
export function isRecorded(reason: string, { legalGrounds: stated, groundWords }: Stated, details: object): boolean {
  if (!chosenFor.includes(currentName(codeSuccessorOf, reason))) return groundWords === undefined;
  const { legalGround, legalGroundSha256 } = details as Record<string, unknown>;
  if (legalGround === undefined) return groundWords === undefined && stated.length !== 1;
  const words = groundWords === undefined ? undefined : wordsDigest(groundWords);
  return isDeepStrictEqual([stated, words], [[legalGround], legalGroundSha256]);
}
