import { desc, eq, inArray } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { fieldsOf, isAdopted, liveSections, type DocumentKind } from "@/lib/compliance/documents/document-kinds";
import { documentVersion, type DocumentVersion } from "@/lib/compliance/documents/document-versions";
import { factChanges } from "@/lib/compliance/facts/fact-section";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { governanceDocuments, users } from "@/lib/db/schema";
import { documentKinds } from "@/lib/db/schema/governance";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

/**
 * A version of a document, the latest without `version`, with what it changed, and in what the configuration of now
 * differs from the latest one. Before the first version: what the system knows.
 * @throws AppError `not_found` for a version that there is not.
 */
export const readDocument = query({
  permission: "register:read",
  input: z.object({ kind: z.enum(documentKinds), version: z.coerce.number().int().min(1).optional() }),
  run: async ({ db, actor, input: { kind, version } }) => {
    const [latest, live] = [await documentVersion(db, kind), await liveSections(db, kind)];
    const shown =
      version === undefined || version === latest?.version ? latest : await documentVersion(db, kind, version);
    if (version !== undefined && !shown) throw new AppError("not_found");
    const previous = shown && shown.version > 1 ? await documentVersion(db, kind, shown.version - 1) : null;
    const texts = shown?.content.texts ?? {};
    const keys = [...new Set([...fieldsOf(kind), ...Object.keys(texts)])];
    const people = await namesOf(
      db,
      Object.values(texts).map(({ byId }) => byId),
    );
    return {
      kind,
      latest: latest?.version ?? 0,
      shown: shown && { version: shown.version, sha256: shown.sha256, adoptedAt: shown.adoptedAt },
      needsAdoption: isAdopted(kind),
      sections: shown?.content.sections ?? live,
      texts: keys.map((key) => {
        const one = texts[key];
        return { key, text: one?.text ?? "", by: one ? (people.get(one.byId) ?? null) : null, at: one?.at ?? null };
      }),
      differences: latest ? factChanges(latest.content.sections, live) : { added: [], removed: [] },
      changes: shown && previous ? changesOf(previous, shown) : null,
      versions: await versionsOf(db, kind),
      mayWrite: isAllowed(actor, "register:write"),
    };
  },
});

export type DocumentDetail = Awaited<ReturnType<typeof readDocument>>;

/** Facts that differ, and the keys of the texts that differ. */
function changesOf({ content: before }: DocumentVersion, { content: after }: DocumentVersion) {
  const keys = [...new Set([...Object.keys(before.texts), ...Object.keys(after.texts)])];
  const texts = keys.filter((key) => before.texts[key]?.text !== after.texts[key]?.text);
  return { ...factChanges(before.sections, after.sections), texts };
}

async function namesOf(db: ReadDatabase, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const adopter = alias(users, "adopter");

async function versionsOf(db: ReadDatabase, ofKind: DocumentKind) {
  const { kind, version, createdAt, createdById, adoptedAt, adoptedById, sha256 } = governanceDocuments;
  return db
    .select({ version, createdAt, savedBy: users.name, adoptedAt, adoptedBy: adopter.name, sha256 })
    .from(governanceDocuments)
    .innerJoin(users, eq(users.id, createdById))
    .leftJoin(adopter, eq(adopter.id, adoptedById))
    .where(eq(kind, ofKind))
    .orderBy(desc(version))
    .limit(100);
}
