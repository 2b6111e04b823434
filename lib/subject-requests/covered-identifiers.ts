import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestIdentifiers, subjectRequestIdentityChecks } from "@/lib/db/schema";
import { provedAddresses } from "@/lib/subject-requests/public-page/sent-codes";

/** From here on a person at the desk made sure of who asks, and not only that somebody uses a line. */
const levelOfPerson = 2;

/**
 * The identifiers by which recordings may be searched. A code proves the use of one line, and nothing about other
 * numbers, CPF or protocols that the same person typed: they may be somebody else's. The desk covers all of them once
 * it proves the person by facts of the call, company e-mail, signature, in person, or a mandate. Its own check by code
 * covers the number of a request that names one number.
 */
export async function coveredIdentifiers(db: ReadDatabase, requestId: string): Promise<Set<string>> {
  const { id, kind, requestId: ofRequest } = subjectRequestIdentifiers;
  const all = await db.select({ id, kind }).from(subjectRequestIdentifiers).where(eq(ofRequest, requestId)).orderBy(id);
  const level = await levelAtDesk(db, requestId);
  if (level >= levelOfPerson) return new Set(all.map((identifier) => identifier.id));
  const proved = await provedAddresses(db, requestId);
  const numbers = all.filter((identifier) => identifier.kind === "number");
  const isOnlyNumber = level > 0 && numbers.length === 1;
  return new Set(numbers.map((number) => number.id).filter((number) => isOnlyNumber || proved.has(number)));
}

/** The best proof that a person recorded; 0: none did. */
async function levelAtDesk(db: ReadDatabase, requestId: string): Promise<number> {
  const { level, checkedById, requestId: ofRequest } = subjectRequestIdentityChecks;
  const rows = await db
    .select({ level })
    .from(subjectRequestIdentityChecks)
    .where(and(eq(ofRequest, requestId), isNotNull(checkedById)))
    .orderBy(asc(level));
  return rows.at(-1)?.level ?? 0;
}
