import { sql } from "drizzle-orm";
import { z } from "zod";
import { factChanges } from "@/lib/compliance/facts/fact-section";
import { fieldsOf, liveSections } from "@/lib/compliance/documents/document-kinds";
import { contentDigest, documentVersion, type DocumentContent } from "@/lib/compliance/documents/document-versions";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { governanceDocuments } from "@/lib/db/schema";
import { documentKinds } from "@/lib/db/schema/governance";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const input = z.object({
  kind: z.enum(documentKinds),
  /** The version that the form was opened with; 0 before the first. */
  version: z.coerce.number().int().min(0).max(1_000_000),
  /** The texts by field. One that is left out stays as it was. */
  texts: z.record(z.string().max(100), z.string().max(10_000)),
});

/**
 * Saves a document as a new version: what the system knows now, and the texts of people, each with who wrote it and
 * when. The same facts and texts again change nothing. The digest of the content stands in the log, the texts do not.
 * @throws AppError `conflict` if somebody saved another version meanwhile; `invalid_input` for an unknown field.
 */
export const saveDocument = command({
  permission: "register:write",
  input,
  audits: ["governance_document.saved"],
  run: async ({ tx, actor, input: { kind, version: read, texts } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia governance documents'))`);
    const before = await documentVersion(tx, kind);
    const sections = await liveSections(tx, kind);
    const known = { ...before?.content.texts };
    const written = merged(known, texts, fieldsOf(kind), actor.userId);
    const isSame = before !== null && written === null && isSameFacts(before.content, sections);
    if (isSame) return { result: { version: before.version }, unchanged: true as const };
    if ((before?.version ?? 0) !== read) throw new AppError("conflict", "the document was saved meanwhile");
    const content: DocumentContent = { sections, texts: written ?? known };
    const [id, version, sha256] = [newId(), read + 1, contentDigest(content)];
    const contentEncrypted = encryptField("governance_document.content", JSON.stringify(content));
    const own = { id, kind, version, sha256, createdById: actor.userId };
    await tx.insert(governanceDocuments).values({ ...own, contentEncrypted });
    const details = { documentKind: kind, version, sha256 };
    return {
      result: { version },
      audits: [auditEvent("governance_document.saved", { target: { type: "governance_document", id }, details })],
    };
  },
});

function isSameFacts({ sections: before }: DocumentContent, sections: DocumentContent["sections"]): boolean {
  const { added, removed } = factChanges(before, sections);
  return added.length + removed.length === 0;
}

/** The texts with those that were changed, or null if none was. */
function merged(
  before: DocumentContent["texts"],
  sent: Readonly<Record<string, string>>,
  fields: readonly string[],
  byId: string,
): DocumentContent["texts"] | null {
  const at = new Date().toISOString();
  const texts = { ...before };
  let isChanged = false;
  for (const [key, value] of Object.entries(sent)) {
    if (!fields.includes(key))
      throw new AppError("invalid_input", "unknown field", { fields: [{ path: key, reason: "invalid" }] });
    const text = value.replaceAll("\r\n", "\n").trim();
    if (text === (before[key]?.text ?? "")) continue;
    isChanged = true;
    if (text === "") delete texts[key];
    else texts[key] = { text, byId, at };
  }
  return isChanged ? texts : null;
}
