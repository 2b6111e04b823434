import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { ReadDatabase } from "@/lib/db/client";
import { governanceDocuments } from "@/lib/db/schema";
import type { documentKinds } from "@/lib/db/schema/governance";

const said = z.object({ text: z.string(), byId: z.uuid(), at: z.iso.datetime() });

const content = z.object({
  sections: z.array(
    z.object({
      ...{ key: z.string(), title: z.string(), source: z.string() },
      rows: z.array(z.object({ title: z.string(), facts: z.array(z.tuple([z.string(), z.string()])) })),
    }),
  ),
  texts: z.record(z.string(), said),
});

/** What a version says: facts of the system, and texts with who wrote each and when. */
export type DocumentContent = z.output<typeof content>;

export type DocumentVersion = Omit<typeof governanceDocuments.$inferSelect, "contentEncrypted"> & {
  content: DocumentContent;
};

/** SHA-256 of the canonical JSON (RFC 8785), lowercase hex. */
export const contentDigest = (of: DocumentContent) => hash("sha256", canonicalize(of)!, "hex");

/** A version of a document, without `version` the latest; null if there is none. */
export async function documentVersion(
  db: ReadDatabase,
  kind: (typeof documentKinds)[number],
  version?: number,
): Promise<DocumentVersion | null> {
  const { kind: ofKind, version: ofVersion } = governanceDocuments;
  const [row] = await db
    .select()
    .from(governanceDocuments)
    .where(and(eq(ofKind, kind), version === undefined ? undefined : eq(ofVersion, version)))
    .orderBy(desc(ofVersion))
    .limit(1);
  if (!row) return null;
  const { contentEncrypted, ...facts } = row;
  const decrypted: unknown = JSON.parse(decryptField("governance_document.content", contentEncrypted));
  return { ...facts, content: content.parse(decrypted) };
}
