import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, notExists, or, sql } from "drizzle-orm";
import { daysBefore, none, type ControlGroup } from "@/lib/compliance/controls/control";
import { today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { accessReviews, apiKeys, auditEvents, sessions, users, userUnits } from "@/lib/db/schema";

const isLive = (now: Date) => and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));

const countActive = (db: ReadDatabase, role: (typeof users.role.enumValues)[number]) =>
  db.$count(users, and(users.active, eq(users.role, role)));

/** Who may do what, and whether somebody still looks at it (LGPD Art. 46, 47 and 50). */
export const accessControls = {
  temporary_passwords_changed: none(["LGPD, art. 46"], "users", (now) => ({
    from: users,
    where: and(
      users.active,
      users.mustChangePassword,
      sql`coalesce(${users.updatedAt}, ${users.createdAt}) < ${daysBefore(now, 7).toISOString()}::timestamptz`,
    ),
  })),
  accounts_used: {
    articles: ["LGPD, art. 46", "LGPD, art. 6º, III"],
    check: async ({ db, now }) => {
      const since = daysBefore(now, 90);
      const session = db
        .select({ id: sessions.id })
        .from(sessions)
        .where(and(eq(sessions.userId, users.id), gt(sessions.createdAt, since)));
      const unused = and(users.active, lt(users.createdAt, since), notExists(session));
      const found = await db.$count(users, unused);
      return { holds: found === 0, evidence: { users: await db.$count(users, eq(users.active, true)), found } };
    },
  },
  supervisors_have_units: {
    articles: ["LGPD, art. 6º, III", "LGPD, art. 46"],
    check: async ({ db }) => {
      const unit = db.select({ id: userUnits.unitId }).from(userUnits).where(eq(userUnits.userId, users.id));
      const found = await db.$count(users, and(users.active, eq(users.role, "supervisor"), notExists(unit)));
      return { holds: found === 0, evidence: { users: found } };
    },
  },
  keys_end: none(["LGPD, art. 46"], "keys", (now) => ({
    from: apiKeys,
    where: and(isLive(now), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, daysBefore(now, -400)))),
  })),
  keys_used: none(["LGPD, art. 46", "LGPD, art. 6º, III"], "keys", (now) => ({
    from: apiKeys,
    where: and(
      isLive(now),
      isNotNull(apiKeys.expiresAt),
      sql`coalesce(${apiKeys.lastUsedAt}, ${apiKeys.createdAt}) < ${daysBefore(now, 90).toISOString()}::timestamptz`,
    ),
  })),
  few_sign_in_locks: {
    articles: ["LGPD, art. 46", "LGPD, art. 48"],
    check: async ({ db, now }) => {
      const locked = and(
        eq(auditEvents.action, "session.start_locked"),
        gt(auditEvents.occurredAt, daysBefore(now, 1)),
      );
      const found = await db.$count(
        db.select({ id: auditEvents.id }).from(auditEvents).where(locked).limit(1001).as("locked"),
      );
      return { holds: found <= 10, evidence: { locks: found } };
    },
  },
  second_person: {
    articles: ["LGPD, art. 46", "LGPD, art. 50"],
    check: async ({ db }) => {
      const found = await db.$count(users, and(users.active, inArray(users.role, ["dpo", "admin"])));
      return { holds: found >= 2, evidence: { approvers: found } };
    },
  },
  officer_can_act: {
    articles: ["LGPD, art. 41, § 2º", "Res. CD/ANPD 18/2024, art. 9º"],
    check: async ({ db }) => {
      const found = await countActive(db, "dpo");
      return { holds: found >= 1, evidence: { officers: found } };
    },
  },
  access_reviewed: {
    articles: ["LGPD, art. 46", "LGPD, art. 50, § 2º, I, h"],
    check: async ({ db, now }) => {
      const [review] = await db.select().from(accessReviews).orderBy(desc(accessReviews.quarter)).limit(1);
      const late = and(isNull(accessReviews.endedAt), lt(accessReviews.dueOn, today(now)));
      const found = await db.$count(accessReviews, late);
      const evidence = { quarter: review?.quarter ?? null, dueOn: review?.dueOn ?? null, found };
      return { holds: review ? found === 0 : null, evidence };
    },
  },
  auditor_named: {
    articles: ["LGPD, art. 50, § 2º, I, h", "LGPD, art. 6º, X"],
    check: async ({ db }) => {
      const found = await countActive(db, "auditor");
      return { holds: found >= 1, evidence: { auditors: found } };
    },
  },
} satisfies ControlGroup;
