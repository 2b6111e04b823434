import { and, desc, eq, isNotNull, isNull, lt, ne, notInArray, sql } from "drizzle-orm";
import { env } from "@/lib/core/env";
import { currentController } from "@/lib/access/controller/controller-facts";
import { none, daysBefore, type ControlGroup } from "@/lib/compliance/controls/control";
import {
  dataKeys,
  jobs,
  messages,
  recordings,
  storageChecks,
  storeScanFindings,
  storeScans,
  webhookDeliveries,
} from "@/lib/db/schema";
import { checkWrappingKey } from "@/lib/encryption-keys/wrapping-key-health";
import { certificateHealth } from "@/lib/receipts/company-signature/company-certificate";
import { isAlarming } from "@/lib/store-scan/list-findings";

/** Custody of the bytes, keys and machines (LGPD Art. 46 to 49). */
export const securityControls = {
  recordings_encrypted: {
    articles: ["LGPD, art. 46"],
    check: async ({ db }) => {
      const latest = db
        .select({
          isPlain: sql<boolean>`coalesce(${recordings.encryption} ->> 'algorithm', 'none') = 'none'`.as("is_plain"),
        })
        .from(recordings)
        .where(eq(recordings.state, "stored"))
        .orderBy(desc(recordings.startedAt), desc(recordings.id))
        .limit(10_000)
        .as("latest");
      const [{ calls, found } = { calls: 0, found: 0 }] = await db
        .select({ calls: sql<number>`count(*)::int`, found: sql<number>`(count(*) filter (where is_plain))::int` })
        .from(latest);
      return { holds: calls === 0 ? null : found === 0, evidence: { calls, found } };
    },
  },
  wrapping_key_works: {
    articles: ["LGPD, art. 46", "LGPD, art. 49"],
    check: async () => {
      const isUsed = env().ENVELOPE_KEYS !== undefined || env().ENVELOPE_KMS_KEY_ID !== undefined;
      return { holds: isUsed ? await checkWrappingKey() : null, evidence: { isUsed } };
    },
  },
  one_wrapping_key: {
    articles: ["LGPD, art. 46"],
    check: async ({ db }) => {
      // Jumps through the index from one key to the next.
      const used = sql`(with recursive used as (
          (select key_id from ${dataKeys} order by key_id limit 1)
          union all
          select (select later.key_id from ${dataKeys} later where later.key_id > used.key_id
            order by later.key_id limit 1) from used where used.key_id is not null
        ) select key_id from used) as used`;
      const [row] = await db.select({ keys: sql<number>`count(key_id)::int` }).from(used);
      const keys = row?.keys ?? 0;
      return { holds: keys === 0 ? null : keys === 1, evidence: { keys } };
    },
  },
  store_proved: {
    articles: ["LGPD, art. 46", "LGPD, art. 49"],
    check: async ({ db, now }) => {
      const { createdAt, results } = storageChecks;
      const [last] = await db.select({ createdAt, results }).from(storageChecks).orderBy(desc(createdAt)).limit(1);
      const failed = last?.results.filter(({ outcome }) => outcome === "fails").length ?? 0;
      return {
        holds: last !== undefined && last.createdAt > daysBefore(now, 30) && failed === 0,
        evidence: { checkedAt: last?.createdAt.toISOString() ?? null, found: failed },
      };
    },
  },
  store_scanned: {
    articles: ["LGPD, art. 6º, VII", "LGPD, art. 46"],
    check: async ({ db, now }) => {
      const [row] = await db
        .select({ last: storeScans.finishedAt })
        .from(storeScans)
        .where(eq(storeScans.state, "finished"))
        .orderBy(desc(storeScans.startedAt))
        .limit(1);
      const last = row?.last ?? null;
      return {
        holds: last !== null && last > daysBefore(now, 3),
        evidence: { lastScanAt: last?.toISOString() ?? null },
      };
    },
  },
  no_severe_discrepancy: {
    articles: ["LGPD, art. 46", "LGPD, art. 48"],
    check: async ({ db }) => {
      // Locks have a control of their own.
      const found = await db.$count(storeScanFindings, and(isAlarming, ne(storeScanFindings.kind, "hold_not_locked")));
      return { holds: found === 0, evidence: { findings: found } };
    },
  },
  portal_by_https: {
    articles: ["LGPD, art. 46"],
    check: async () => {
      const { protocol } = new URL(env().NEXTAUTH_URL);
      return { holds: protocol === "https:", evidence: { https: protocol === "https:" } };
    },
  },
  card_data_decided: none(["LGPD, art. 46", "PCI DSS 4.0.1, 3.3.1"], "recordings", (now) => ({
    from: recordings,
    where: and(
      eq(recordings.quarantine, "quarantined"),
      eq(recordings.state, "stored"),
      lt(recordings.storedAt, daysBefore(now, 7)),
    ),
  })),
  jobs_end: none(["LGPD, art. 46", "LGPD, art. 50"], "jobs", () => ({ from: jobs, where: isNotNull(jobs.deadAt) })),
  messages_leave: none(["LGPD, art. 18, § 5º", "LGPD, art. 46"], "messages", (now) => ({
    from: messages,
    where: and(notInArray(messages.state, ["sent", "refused", "failed"]), lt(messages.createdAt, daysBefore(now, 1))),
  })),
  outcomes_reported: none(["LGPD, art. 39"], "deliveries", (now) => ({
    from: webhookDeliveries,
    where: and(
      isNull(webhookDeliveries.deliveredAt),
      isNotNull(webhookDeliveries.abandonedAt),
      sql`${webhookDeliveries.createdAt} > ${daysBefore(now, 30).toISOString()}::timestamptz`,
    ),
  })),
  letters_signed_by_company: {
    articles: ["MP 2.200-2/2001, art. 10", "LGPD, art. 6º, X"],
    check: async ({ db, now }) => {
      const hasCertificate = env().COMPANY_CERTIFICATE !== undefined;
      const health = await certificateHealth((await currentController(db)).facts.cnpj, now);
      return {
        holds: hasCertificate ? health === "ok" : null,
        evidence: { hasCertificate, isExpiring: health === "expiring" },
      };
    },
  },
} satisfies ControlGroup;
