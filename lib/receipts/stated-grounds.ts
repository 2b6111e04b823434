import { and, eq } from "drizzle-orm";
import { isDeepStrictEqual } from "node:util";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestDecisions, subjectRequestRights } from "@/lib/db/schema";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { legalGrounds } from "@/lib/deletion/callers";
import { codeSuccessorOf, currentName } from "@/lib/operation/audit-actions";

/** The provision of the LGPD behind each right under which recordings are deleted. */
const groundOfRight: Partial<Record<RequestRight, string>> = {
  unnecessary_data: "lgpd_18_iv",
  deletion: "lgpd_18_vi",
  consent_withdrawal: "lgpd_18_ix",
  objection: "lgpd_18_par2",
};

/**
 * The provisions that a receipt states: of retention those that end it, of a request those of the rights that the DPO
 * granted. For everything else none, because nobody chose one.
 */
export async function statedGrounds(
  db: ReadDatabase,
  reason: string,
  { orderId, recordingId }: { orderId: string | null; recordingId?: string },
): Promise<string[]> {
  if (reason !== "erasure" || orderId === null) return legalGrounds(reason);
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
  return current === "erasure" && stated.every((ground) => Object.values(groundOfRight).includes(ground));
}
