import { sql } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import { readHeldSealing } from "@/lib/audit/held-sealing";
import { database, type ReadDatabase } from "@/lib/db/client";
import type { RunWait } from "@/lib/db/schema/retention";
import { countWaiting } from "@/lib/deletion/waiting-deletions";
import { countAlarmingFindings } from "@/lib/store-scan/read-scan-status";
import { checkLedgerWith } from "@/lib/deletion/ledger/check-ledger";
import { wrappingKeyWorks } from "@/lib/encryption-keys/wrapping-key-health";
import { log } from "@/lib/core/log";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { certificateHealth } from "@/lib/receipts/company-signature/company-certificate";
import { countDoubtfulDates, retentionHealth } from "@/lib/overview/retention-health";
import { usedLimits, type InstallationLimit } from "@/lib/subject-requests/public-page/used-limits";

/** Problems that need an operator although the portal works. Codes only: no count, no id, no time. */
export type HealthProblem =
  | "retention_overdue"
  | "erasure_ledger_ahead"
  | "wrapping_key_unavailable"
  | "transcoder_unavailable"
  | "discrepancy_found"
  /** Retention keeps a recording of doubtful date until the DPO or an administrator decides. */
  | "doubtful_dates"
  /** An open transaction keeps committed events of the audit log from their seal since ten seconds or more. */
  | "audit_sealing_held"
  /** The public page turns people away: no more codes to telephones today, or no more forms this hour. */
  | InstallationLimit
  /** Letters cannot be signed: COMPANY_CERTIFICATE expired, or is not what it should be. */
  | "company_certificate_unusable"
  /** It expires within thirty days. */
  | "company_certificate_expiring";

/**
 * `waitingDeletions`: what is in deletion and waits, by why, and until when at the latest. It is no problem of its own:
 * a recording waits half an hour for a link that was open.
 */
export type Health =
  | { status: "unavailable" }
  | (({ status: "ok" } | { status: "degraded"; problems: HealthProblem[] }) & { waitingDeletions?: RunWait[] });

/** Whether the portal works and its jobs are up to date. Needs no permission: it reveals no data but these counts. */
export async function readHealth(): Promise<Health> {
  try {
    const db = database();
    await db.execute(sql`select 1`);
    const problems = await problemsOf(db);
    const waiting = await countWaiting(db);
    return {
      ...(problems.length === 0 ? { status: "ok" as const } : { status: "degraded" as const, problems }),
      ...(waiting.length === 0 ? {} : { waitingDeletions: waiting }),
    };
  } catch (error) {
    log.error({ error }, "the database does not answer");
    return { status: "unavailable" };
  }
}

async function problemsOf(db: ReadDatabase): Promise<HealthProblem[]> {
  const problems: HealthProblem[] = [];
  if ((await retentionHealth(db)).overdue) problems.push("retention_overdue");
  if ((await checkLedgerWith(db)) !== "in_step") problems.push("erasure_ledger_ahead");
  if (await lacksTranscoder()) problems.push("transcoder_unavailable");
  if (!wrappingKeyWorks()) problems.push("wrapping_key_unavailable");
  if ((await countAlarmingFindings(db)) > 0) problems.push("discrepancy_found");
  if ((await countDoubtfulDates(db, 1)) > 0) problems.push("doubtful_dates");
  if (await readHeldSealing(db)) problems.push("audit_sealing_held");
  problems.push(...(await usedLimits(db)));
  const certificate = await certificateHealth((await currentController(db)).facts.cnpj);
  if (certificate !== "ok") problems.push(`company_certificate_${certificate}`);
  return problems;
}

/** A transcoder is set here, and its programs are missing or cannot run confined. */
async function lacksTranscoder(): Promise<boolean> {
  const found = await transcodingSandbox();
  return found.sandbox === null && found.reason !== "off";
}
