import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { AppError } from "@/lib/core/errors";
import { holdTextInput } from "@/lib/legal-holds/hold-input";
import { requireOwner, requireOwnerSeesAll } from "@/lib/legal-holds/hold-owners";
import { holdScope } from "@/lib/recordings/hold-scope";
import { holdVersion, lockHold } from "@/lib/legal-holds/lock-hold";
import { command } from "@/lib/operation/operation";

const fields = ["matter", "reason", "ownerId", "reviewOn"] as const;

/**
 * Changes the facts of a hold. The log has the names of the changed fields, the owner and the review day; never matter
 * or reason, which may name people.
 * @throws AppError `not_found`, `conflict` when it was changed or released meanwhile.
 */
export const updateHold = command({
  permission: "legal-hold:update",
  input: z.object({ holdId: z.uuid(), version: z.string(), ...holdTextInput }),
  audits: ["legal_hold.updated"],
  run: async ({ tx, actor, input: { holdId, version, ...columns } }) => {
    const hold = await lockHold(tx, holdId, holdScope(actor));
    if (holdVersion(hold) !== version) throw new AppError("conflict", "the legal hold was changed meanwhile");
    const changed = fields.filter((field) => hold[field] !== columns[field]);
    if (changed.length === 0) return { result: { holdId }, unchanged: true as const };
    if (changed.includes("ownerId")) await requireOwner(tx, columns.ownerId);
    await tx
      .update(legalHolds)
      .set({ ...columns, updatedAt: new Date(Math.max(Date.now(), Date.parse(version) + 1)) })
      .where(eq(legalHolds.id, holdId));
    if (changed.includes("ownerId")) await requireOwnerSeesAll(tx, holdId);
    const details = { changed: [...changed], ownerId: columns.ownerId, reviewOn: columns.reviewOn };
    return {
      result: { holdId },
      audits: [auditEvent("legal_hold.updated", { target: { type: "legal_hold", id: holdId }, details })],
    };
  },
});
