import { eq } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies, subjectRequestMatches } from "@/lib/db/schema";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import type { Locale } from "@/lib/i18n/locales";
import { legalBasisText } from "@/lib/receipts/pdf/certificate-words";
import { isOnConsent } from "@/lib/subject-requests/deciding/custody-facts";
import { includedOf } from "@/lib/subject-requests/decision-rows";
import { letterWords, type LetterWords } from "@/lib/subject-requests/letter/letter-words";
import { sharingText } from "@/lib/subject-requests/letter/sharing-text";
import type { RefusalCode } from "@/lib/subject-requests/refusals";
import { knownShares } from "@/lib/subject-requests/sharers/known-shares";

/** What the form of a right as a whole begins with. A person reads it, changes it and decides. */
export type SuggestedText = { ground: RefusalCode | null; text: string };

type Asked = {
  requestId: string;
  right: RequestRight;
  locale: Locale;
  /** Recordings that count as the person's. */
  included: number;
};

/**
 * The text that answers a right, from what was found, who really received recordings, and the policies in force; that
 * nothing was found, if so. Null where only a person knows the answer.
 */
export async function suggestedText(db: ReadDatabase, asked: Asked): Promise<SuggestedText | null> {
  const { requestId, right, included } = asked;
  const words = await letterWords(asked.locale);
  if (right === "consent_information") return { ground: null, text: await consentText(db, words) };
  if (included === 0) return { ground: "not_found", text: words.say("suggested.notFound") };
  if (right === "confirmation") return { ground: null, text: words.say("suggested.confirmation", { count: included }) };
  if (right !== "sharing_information") return null;
  const { recordingId } = subjectRequestMatches;
  const rows = await db.select({ id: recordingId }).from(subjectRequestMatches).where(includedOf(requestId));
  const shares = await knownShares(
    db,
    rows.map(({ id }) => id),
  );
  return { ground: null, text: sharingText(shares, words) };
}

/** What rests on consent, and what does not, with its basis (LGPD Art. 18, VIII). */
async function consentText(db: ReadDatabase, { say }: LetterWords): Promise<string> {
  const { name, legalBasis, active } = retentionPolicies;
  const policies = await db
    .selectDistinct({ name, legalBasis })
    .from(retentionPolicies)
    .where(eq(active, true))
    .orderBy(name)
    .limit(100);
  const based = policies.flatMap((policy) =>
    policy.legalBasis === null ? [] : [{ ...policy, basis: policy.legalBasis }],
  );
  const onConsent = based.filter(({ basis }) => isOnConsent(basis)).map((policy) => policy.name);
  const others = based
    .filter(({ basis }) => !isOnConsent(basis))
    .map((policy) => `${policy.name} (${legalBasisText(policy.basis)})`);
  return [
    onConsent.length === 0 ? say("suggested.noConsent") : say("suggested.onConsent", { names: onConsent.join("; ") }),
    ...(others.length === 0 ? [] : [say("suggested.otherBases", { names: others.join("; ") })]),
  ].join(" ");
}
