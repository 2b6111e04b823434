import { and, asc, desc, eq, gt, gte, isNull, lt, sql } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import { missingFacts, type MissingFact } from "@/lib/access/controller/missing-facts";
import { linkedAccounts } from "@/lib/access/controller/officer-accounts";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { countedAtMost, daysBefore, none, type Control, type ControlGroup } from "@/lib/compliance/controls/control";
import { isNotifiable, noticesDue, ownHolidaysOf } from "@/lib/compliance/incidents/incident-clock";
import { auditEvents, auditSeals, incidentNotices, incidents } from "@/lib/db/schema";

/** A control that holds while the controller's settings say all of these. */
const stated = (articles: readonly string[], ...facts: readonly MissingFact[]): Control => ({
  articles,
  check: async ({ db }) => {
    const { facts: current, version } = await currentController(db);
    const missing = missingFacts(current, await linkedAccounts(db, current)).filter((fact) => facts.includes(fact));
    return { holds: missing.length === 0, evidence: { settingsVersion: version, found: missing.length } };
  },
});

const minutesBefore = (now: Date, minutes: number) => daysBefore(now, minutes / 1440);

/** Controller and encarregado (LGPD Art. 9 and 41; Res. CD/ANPD 18/2024), and the log that proves the rest. */
export const governanceControls = {
  controller_named: stated(["LGPD, art. 9º, III e IV"], "legalName", "cnpj", "address", "contact"),
  officer_named: stated(["LGPD, art. 41, § 1º"], "officerName", "officerContact", "channel"),
  officer_appointed: stated(["Res. CD/ANPD 18/2024, art. 3º"], "officerAppointment"),
  substitute_appointed: stated(["Res. CD/ANPD 18/2024, art. 4º"], "substituteName", "substituteAppointment"),
  officer_accounts_active: stated(
    ["LGPD, art. 41, § 2º", "LGPD, art. 46"],
    "officerAccount",
    "substituteAccount",
    "approverAccount",
  ),
  incidents_notified: {
    articles: ["LGPD, art. 48", "Res. CD/ANPD 15/2024, art. 6º e 9º"],
    check: async ({ db, now }) => {
      const toldAnpd = sql`exists (select from ${incidentNotices}
        where ${incidentNotices.incidentId} = ${incidents.id} and ${incidentNotices.kind} = 'anpd')`;
      const waiting = and(isNull(incidents.closedAt), sql`not ${toldAnpd}`);
      const open = await db
        .select()
        .from(incidents)
        .where(waiting)
        .limit(countedAtMost + 1);
      const holidays = await ownHolidaysOf(db);
      const late = open.filter((incident) => {
        const due = isNotifiable(incident) === false ? null : noticesDue(incident, holidays);
        return due !== null && due.noticeUntil <= now;
      });
      return { holds: late.length === 0, evidence: { incidents: open.length, found: late.length } };
    },
  },
  log_sealed: {
    articles: ["LGPD, art. 6º, X", "LGPD, art. 37"],
    check: async ({ db, now }) => {
      const last = await lastSeal(db);
      const [waiting] = await db
        .select({ since: auditEvents.occurredAt })
        .from(auditEvents)
        .where(last && and(eq(auditEvents.epoch, last.epoch), gte(auditEvents.transactionId, last.transactionTo)))
        .orderBy(asc(auditEvents.transactionId))
        .limit(1);
      const since = waiting?.since ?? null;
      return {
        holds: since === null || since > minutesBefore(now, 5),
        evidence: { unsealedSince: since?.toISOString() ?? null },
      };
    },
  },
  log_anchored: none(["LGPD, art. 6º, X", "LGPD, art. 46"], "seals", (now) => ({
    from: auditSeals,
    where: and(isNull(auditSeals.anchoredAt), lt(auditSeals.sealedAt, minutesBefore(now, 10))),
  })),
  log_verified: {
    articles: ["LGPD, art. 6º, X", "LGPD, art. 37"],
    check: async ({ db, now }) => {
      const { occurredAt, outcome, action } = auditEvents;
      const [last] = await db
        .select({ occurredAt, outcome, verdict: sql<string | null>`${auditEvents.details}->>'verdict'` })
        .from(auditEvents)
        .where(and(eq(action, "audit_log.verified"), gt(occurredAt, daysBefore(now, 31))))
        .orderBy(desc(occurredAt), desc(auditEvents.id))
        .limit(1);
      // A verification that found no seal, or no key or store, succeeds and proves nothing.
      const isWhole = last ? last.outcome === "success" && last.verdict === "whole" : null;
      return {
        holds: isWhole === true,
        evidence: { verifiedAt: last?.occurredAt.toISOString() ?? null, isWhole },
      };
    },
  },
  log_append_only: {
    articles: ["LGPD, art. 37", "LGPD, art. 46"],
    check: async ({ db }) => {
      const [row] = await db
        .select({ found: sql<number>`count(*)::int` })
        .from(sql`unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) privilege`)
        .where(sql`has_table_privilege(current_user, 'audit_events', privilege)`);
      return { holds: row?.found === 0, evidence: { privileges: row?.found ?? null } };
    },
  },
  rows_secured: {
    articles: ["LGPD, art. 46"],
    check: async ({ db }) => {
      const found = sql<number>`(count(*) filter (where not relrowsecurity))::int`;
      const [row] = await db
        .select({ tables: sql<number>`count(*)::int`, found })
        .from(sql`pg_class`)
        .where(sql`relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`);
      return { holds: row?.found === 0, evidence: { tables: row?.tables ?? null, found: row?.found ?? null } };
    },
  },
} satisfies ControlGroup;
