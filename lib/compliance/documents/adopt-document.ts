import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { fieldsOf, isAdopted } from "@/lib/compliance/documents/document-kinds";
import { documentVersion } from "@/lib/compliance/documents/document-versions";
import { AppError } from "@/lib/core/errors";
import { transactionNow } from "@/lib/db/schema/columns";
import { governanceDocuments } from "@/lib/db/schema";
import { documentKinds } from "@/lib/db/schema/governance";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * The encarregado adopts the latest version of a draft: until then it is a draft. Again it changes nothing.
 * @throws AppError `not_found`; `conflict` if there is a later version; `document_incomplete` while a text is missing;
 * `invalid_input` for the register, which needs no adoption.
 */
export const adoptDocument = command({
  permission: "register:write",
  input: z.object({ kind: z.enum(documentKinds), version: z.coerce.number().int().min(1) }),
  audits: ["governance_document.adopted"],
  run: async ({ tx, actor, input: { kind, version } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    if (!isAdopted(kind)) throw new AppError("invalid_input", "the register needs no adoption");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia governance documents'))`);
    const latest = await documentVersion(tx, kind);
    if (!latest) throw new AppError("not_found");
    if (latest.version !== version) throw new AppError("conflict", "there is a later version");
    if (latest.adoptedAt !== null) return { result: null, unchanged: true as const };
    if (fieldsOf(kind).some((key) => latest.content.texts[key] === undefined))
      throw new AppError("document_incomplete", "a text is missing");
    await tx
      .update(governanceDocuments)
      .set({ adoptedAt: transactionNow, adoptedById: actor.userId })
      .where(and(eq(governanceDocuments.id, latest.id), isNull(governanceDocuments.adoptedAt)));
    const details = { documentKind: kind, version, sha256: latest.sha256 };
    const target = { type: "governance_document", id: latest.id };
    return { result: null, audits: [auditEvent("governance_document.adopted", { target, details })] };
  },
});
