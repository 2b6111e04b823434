import { and, eq, isNotNull } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import { isSignOnUnconfirmed } from "@/lib/access/single-sign-on/renewal/sign-on-health";
import { readTimeStampState } from "@/lib/audit/attestations/time-stamp-state";
import { readWitnessStates } from "@/lib/audit/attestations/witness-states";
import { readHeldSealing } from "@/lib/audit/held-sealing";
import type { ReadDatabase } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema/jobs";
import type { RunWait } from "@/lib/db/schema/retention";
import { countWaiting } from "@/lib/deletion/waiting-deletions";
import { countAlarmingFindings } from "@/lib/store-scan/read-scan-status";
import { checkLedgerWith } from "@/lib/deletion/ledger/check-ledger";
import { wrappingKeyWorks } from "@/lib/encryption-keys/wrapping-key-health";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { siemStreamState } from "@/lib/notifications/siem/read-siem-stream";
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
  /** A witness of the audit log says that it cosigned another log of this name. */
  | "audit_witness_conflict"
  /** A configured witness does not know the audit log's tree or its key, and compares nothing. */
  | "audit_witness_tree_unknown"
  /** A configured witness has not cosigned for a day. */
  | "audit_witness_late"
  /** Sealed events have waited for the SIEM for an hour, and none was delivered. */
  | "siem_stream_stopped"
  /** The SIEM took a batch in part: an operator sends it again, or closes it. */
  | "siem_events_rejected"
  /** The provider of single sign-on has not answered about somebody who is signed in for half an hour. */
  | "sign_on_unconfirmed"
  /** The audit log has had no time stamp for two days. */
  | "audit_timestamp_late"
  /** The public page turns people away: no more codes to telephones today, or no more forms this hour. */
  | InstallationLimit
  /** The waveform of a recording was given up: `/settings/jobs` has it, and can try again. */
  | "waveform_given_up"
  /** A check did not end in time: the store, the key service or the database hangs. */
  | "check_unfinished"
  /** Letters cannot be signed: COMPANY_CERTIFICATE expired, or is not what it should be. */
  | "company_certificate_unusable"
  /** It expires within thirty days. */
  | "company_certificate_expiring";

/** What the checks have found so far. */
export type Checked = { problems: HealthProblem[]; waitingDeletions: RunWait[] };

/** The checks of the database come before those that may ask a store: of them some are known when these hang. */
export async function runChecks(db: ReadDatabase, checked: Checked): Promise<void> {
  const add = (...found: HealthProblem[]) => void checked.problems.push(...found);
  if ((await retentionHealth(db)).overdue) add("retention_overdue");
  if (!wrappingKeyWorks()) add("wrapping_key_unavailable");
  if ((await db.$count(jobs, and(eq(jobs.kind, "waveform"), isNotNull(jobs.deadAt)))) > 0) add("waveform_given_up");
  if ((await countAlarmingFindings(db)) > 0) add("discrepancy_found");
  if ((await countDoubtfulDates(db, 1)) > 0) add("doubtful_dates");
  if (await readHeldSealing(db)) add("audit_sealing_held");
  const witnesses = await readWitnessStates(db);
  if (witnesses.some(({ isConflict }) => isConflict)) add("audit_witness_conflict");
  if (witnesses.some(({ isUnknown }) => isUnknown)) add("audit_witness_tree_unknown");
  if (witnesses.some(({ isLate }) => isLate)) add("audit_witness_late");
  const siem = await siemStreamState(db);
  if (siem?.isStopped) add("siem_stream_stopped");
  if (siem && siem.rejections.length > 0) add("siem_events_rejected");
  if ((await readTimeStampState(db))?.isLate) add("audit_timestamp_late");
  if (await isSignOnUnconfirmed(db)) add("sign_on_unconfirmed");
  add(...(await usedLimits(db)));
  checked.waitingDeletions = await countWaiting(db);
  const certificate = await certificateHealth((await currentController(db)).facts.cnpj);
  if (certificate !== "ok") add(`company_certificate_${certificate}`);
  if (await lacksTranscoder()) add("transcoder_unavailable");
  if ((await checkLedgerWith(db)) !== "in_step") add("erasure_ledger_ahead");
}

/** A transcoder is set here, and its programs are missing or cannot run confined. */
async function lacksTranscoder(): Promise<boolean> {
  const found = await transcodingSandbox();
  return found.sandbox === null && found.reason !== "off";
}
