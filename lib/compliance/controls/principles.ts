import { and, desc, eq, lt, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { playbackGrants, recordings, retentionPolicies } from "@/lib/db/schema";
import { daysBefore, none, type Control, type ControlGroup } from "@/lib/compliance/controls/control";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import { selectRetentionPolicies } from "@/lib/retention/policies/policy-selection";
import { today } from "@/lib/core/time";

/** Checks of what grows with every call read the newest ones only. */
const newest = 10_000;

/** Of the newest calls, how many a condition selects. */
async function shareOfNewest(db: ReadDatabase, condition: SQL): Promise<{ calls: number; found: number }> {
  const calls = db
    .select({ isFound: sql<boolean>`(${condition})`.as("is_found") })
    .from(recordings)
    .orderBy(desc(recordings.startedAt), desc(recordings.id))
    .limit(newest)
    .as("newest");
  const [row] = await db
    .select({
      calls: sql<number>`count(*)::int`,
      found: sql<number>`(count(*) filter (where ${calls.isFound}))::int`,
    })
    .from(calls);
  return row!;
}

/** A control that holds while at most this share of the newest calls is selected. */
const fewOfNewest = (articles: readonly string[], atMost: number, condition: () => SQL): Control => ({
  articles,
  check: async ({ db }) => {
    const { calls, found } = await shareOfNewest(db, condition());
    const holds = calls === 0 ? null : found <= calls * atMost;
    return { holds, evidence: { calls, found, atMostPercent: atMost * 100 } };
  },
});

/** Finality, transparency, quality, and the bases on which calls are kept (LGPD Art. 6, 7, 9, 10 and 11). */
export const principleControls = {
  access_states_reference: {
    articles: ["LGPD, art. 6º, I e X"],
    check: async ({ db }) => {
      const grants = db
        .select({ isBare: sql<boolean>`btrim(${playbackGrants.reference}) = ''`.as("is_bare") })
        .from(playbackGrants)
        .orderBy(desc(playbackGrants.id))
        .limit(newest)
        .as("newest");
      const counted = {
        accesses: sql<number>`count(*)::int`,
        found: sql<number>`(count(*) filter (where is_bare))::int`,
      };
      const [{ accesses, found } = { accesses: 0, found: 0 }] = await db.select(counted).from(grants);
      return { holds: accesses === 0 ? null : found === 0, evidence: { accesses, found } };
    },
  },
  announcement_played: fewOfNewest(["LGPD, art. 6º, VI", "LGPD, art. 9º"], 0, () =>
    eq(recordings.announcementPlayed, "no"),
  ),
  announcement_known: fewOfNewest(["LGPD, art. 9º", "LGPD, art. 37"], 0.1, () =>
    eq(recordings.announcementPlayed, "unknown"),
  ),
  numbers_understood: fewOfNewest(["LGPD, art. 6º, V", "LGPD, art. 18, II"], 0.05, () =>
    eq(recordings.numberKind, "not_understood"),
  ),
  dates_certain: none(["LGPD, art. 6º, V", "LGPD, art. 15"], "recordings", (now) => ({
    from: recordings,
    where: and(sql`${recordings.state} = 'stored'`, hasDoubtfulDate(), lt(recordings.storedAt, daysBefore(now, 7))),
  })),
  policies_state_basis: none(["LGPD, art. 7º", "LGPD, art. 37"], "policies", () => ({
    from: retentionPolicies,
    where: sql`${retentionPolicies.active} and ${retentionPolicies.legalBasis} is null`,
  })),
  sensitive_calls_basis: {
    articles: ["LGPD, art. 11"],
    check: async ({ db }) => {
      const policies = await selectRetentionPolicies(db, sql`${retentionPolicies.active}`);
      const sensitive = policies.filter((policy) => policy.hasSensitiveContent);
      const wrong = sensitive.filter(({ legalBasis }) => !isOffered(legalBasis, "yes"));
      return {
        holds: sensitive.length === 0 ? null : wrong.length === 0,
        evidence: { policies: sensitive.length, found: wrong.length },
      };
    },
  },
  policies_reviewed: none(["LGPD, art. 6º, III", "LGPD, art. 50, § 2º, I, h"], "policies", (now) => ({
    from: retentionPolicies,
    where: sql`${retentionPolicies.active} and ${retentionPolicies.reviewOn} < ${today(now)}::date`,
  })),
  default_policy: {
    articles: ["LGPD, art. 15", "LGPD, art. 40"],
    check: async ({ db }) => {
      const isDefault = and(eq(retentionPolicies.active, true), eq(retentionPolicies.isDefault, true));
      const policies = await db.$count(retentionPolicies, isDefault);
      return { holds: policies === 1, evidence: { policies } };
    },
  },
} satisfies ControlGroup;
