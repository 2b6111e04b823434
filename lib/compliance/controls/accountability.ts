import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import { daysBefore, type Control, type ControlGroup } from "@/lib/compliance/controls/control";
import { documentVersion } from "@/lib/compliance/documents/document-versions";
import { storagePlaces } from "@/lib/compliance/facts/storage-places";
import { daysWithout, inOffice, validTerms, type OfficerRole } from "@/lib/compliance/terms/officer-terms";
import { today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { governanceDocuments, retentionPolicies } from "@/lib/db/schema";

type Kind = "processing" | "impact" | "balancing";

/** The last version of a document that is in force: saved, of a draft adopted. */
async function lastInForce(db: ReadDatabase, ofKind: Kind): Promise<Date | null> {
  const { kind, version, createdAt, adoptedAt } = governanceDocuments;
  const at = ofKind === "processing" ? createdAt : adoptedAt;
  const [row] = await db
    .select({ at })
    .from(governanceDocuments)
    .where(and(eq(kind, ofKind), isNotNull(at)))
    .orderBy(desc(version))
    .limit(1);
  return row?.at ?? null;
}

/** A document is in force, and not older than a year. */
const inForce = (
  articles: readonly string[],
  kind: Kind,
  applies?: (db: ReadDatabase) => Promise<boolean>,
): Control => ({
  articles,
  check: async ({ db, now }) => {
    const at = await lastInForce(db, kind);
    const evidence = { inForceAt: at?.toISOString() ?? null };
    if (applies && !(await applies(db))) return { holds: null, evidence };
    return { holds: at !== null && at > daysBefore(now, 366), evidence };
  },
});

/** Somebody has the office today, and since the first term nobody ever lacked. */
const officeHeld = (articles: readonly string[], role: OfficerRole): Control => ({
  articles,
  check: async ({ db, now }) => {
    const terms = await validTerms(db);
    const without = daysWithout(terms, role, today(now));
    const isHeld = inOffice(terms, role, today(now)) !== null;
    return { holds: isHeld && without === 0, evidence: { isHeld, daysWithout: without } };
  },
});

const reliesOnInterest = async (db: ReadDatabase) =>
  (await db.$count(retentionPolicies, and(eq(retentionPolicies.active, true), sql`legal_basis = 'art7_ix'`))) > 0;

/** The documents and designations that the law asks for (LGPD Art. 10, 37, 38, 41; Res. CD/ANPD 18 and 19/2024). */
export const accountabilityControls = {
  register_current: inForce(["LGPD, art. 37", "Res. CD/ANPD 2/2022, art. 9º"], "processing"),
  impact_adopted: inForce(["LGPD, art. 5º, XVII", "LGPD, art. 38"], "impact"),
  balancing_adopted: inForce(["LGPD, art. 7º, IX", "LGPD, art. 10"], "balancing", reliesOnInterest),
  transfers_have_mechanism: {
    articles: ["LGPD, art. 33", "Res. CD/ANPD 19/2024"],
    check: async ({ db }) => {
      const abroad = storagePlaces().filter(({ needsMechanism }) => needsMechanism);
      const texts = (await documentVersion(db, "processing"))?.content.texts ?? {};
      const found = abroad.filter(({ key }) => texts[`transfer:${key}`] === undefined).length;
      return { holds: abroad.length === 0 ? null : found === 0, evidence: { places: abroad.length, found } };
    },
  },
  officer_in_office: officeHeld(["LGPD, art. 41", "Res. CD/ANPD 18/2024, art. 3º"], "officer"),
  substitute_in_office: officeHeld(["Res. CD/ANPD 18/2024, art. 4º"], "substitute"),
} satisfies ControlGroup;
