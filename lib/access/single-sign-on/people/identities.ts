import { and, eq } from "drizzle-orm";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { ReadDatabase } from "@/lib/db/client";
import { ssoIdentities } from "@/lib/db/schema";

/** The keyed digest under which a subject of an issuer is kept. */
export const subjectDigest = (issuer: string, subject: string): Buffer =>
  blindIndex("sso_subject", `${issuer}\0${subject}`);

/** The keyed digest of a session of an issuer. */
export const sessionDigest = (issuer: string, sid: string): Buffer => blindIndex("sso_session", `${issuer}\0${sid}`);

/** Whose account this subject of the issuer signs in to; null if to none. */
export async function findIdentity(db: ReadDatabase, issuer: string, digest: Buffer) {
  const [found] = await db
    .select({ id: ssoIdentities.id, userId: ssoIdentities.userId })
    .from(ssoIdentities)
    .where(and(eq(ssoIdentities.issuer, issuer), eq(ssoIdentities.subjectDigest, digest)));
  return found ?? null;
}
