import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { DetailValue } from "@/components/audit/detail-value";
import { useCallKind, useCause, useStoreName } from "@/components/ui/code-words";
import { signOnCodes } from "@/lib/access/single-sign-on/sign-on-codes";
import { controlNames } from "@/lib/compliance/controls";
import { errorStatus } from "@/lib/core/errors";
import { deletionReasons } from "@/lib/deletion/callers";
import { approvals, playbackPurpose, recordingState, retentionTriggers, userRole } from "@/lib/db/schema";
import { playFailures } from "@/lib/db/schema/playback";
import { secondFactorKinds } from "@/lib/db/schema/second-factors";
import { signInMethods } from "@/lib/db/schema/users";
import { accessDecisions } from "@/lib/db/schema/access-reviews";
import { alertRules } from "@/lib/db/schema/alerts";
import { reportFileKinds, reportSchedules } from "@/lib/db/schema/audit-reports";
import { messageChannels } from "@/lib/db/schema/messages";
import { derivedForms } from "@/lib/db/schema/derived-recordings";
import { incidentCriteria, incidentEffects, incidentNoticeKinds } from "@/lib/db/schema/incidents";
import { documentKinds, officerRoles } from "@/lib/db/schema/governance";
import { orderGrounds } from "@/lib/db/schema/deletion";
import { discrepancyKinds } from "@/lib/db/schema/store-scan";
import {
  identityMethods,
  decisionMeasures,
  sharerMeasures,
  matchDecisions,
  processStates,
  requestChannels,
  requesters,
  requestRights,
  seenDocuments,
} from "@/lib/db/schema/subject-request-words";
import { locales, type Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { jobKinds } from "@/lib/jobs/job-kinds";
import type { UnavailableReason } from "@/lib/media/waveform/waveform-result";
import { templateNames } from "@/lib/notifications/templates/message-templates";
import { codeSuccessorOf } from "@/lib/operation/audit-actions";
import { jobNames } from "@/lib/operation/actor";
import { permissions } from "@/lib/operation/permissions";
import { answerFileKinds } from "@/lib/subject-requests/answer/answer-files";
import { searchKinds } from "@/lib/recordings/references/read-search";
import { refusalCodes } from "@/lib/subject-requests/refusals";
import { sharerEnds } from "@/lib/subject-requests/sharers/close-sharer-task";
import { steps } from "@/lib/subject-requests/transitions";
import type { StoreErrorCode } from "@/lib/storage/store-error";

const storeErrors = Object.keys({
  not_found: true,
  already_exists: true,
  precondition_failed: true,
  too_large: true,
  checksum_mismatch: true,
  size_mismatch: true,
  range_not_satisfiable: true,
  expired: true,
  forbidden: true,
  throttled: true,
  unavailable: true,
  timed_out: true,
  integrity: true,
  key_missing: true,
  key_unavailable: true,
  invalid_key: true,
  invalid_request: true,
  not_supported: true,
} satisfies Record<StoreErrorCode, true>);

const waveformReasons = Object.keys({
  unsupported_codec: true,
  too_long: true,
  too_dense: true,
  decode_error: true,
  timed_out: true,
  out_of_memory: true,
  gave_up: true,
} satisfies Record<UnavailableReason, true>);

const webhookFailures = ["timed_out", "unreachable", "redirected", "not_secure", "not_configured", "secret_unreadable"];
const messageFailures = [
  ...["not_configured", "sign_in_refused", "certificate_refused", "certificates_unreadable", "tls_missing"],
  ...["message_unreadable", "expired", "bounced", "smtp_550", "unreachable", "timed_out"],
];
const causes = [
  ...Object.keys(errorStatus),
  ...[storeErrors, waveformReasons, webhookFailures, messageFailures].flat(),
];

/** Every code that an event may hold, by the detail that holds it. */
const codes: Record<string, readonly string[]> = {
  code: [...causes, ...playFailures, "store_refused", "interrupted", "store_looks_empty"],
  object: ["playable_copy", "derived_recording"],
  failureCode: [
    ...["store_failed", "erasure_ledger_ahead", "internal", "too_large", "encryption_missing"],
    ...["no_sound", "duration_differs", "output_limit", "time_limit", "program_failed", "unknown_format"],
    ...["no_such_channel", "recording_blocked", "recording_quarantined"],
  ],
  reason: [...deletionReasons, ...waveformReasons, "unknown_api_key"],
  permission: Object.keys(permissions),
  signInMethods,
  signInMethod: signInMethods,
  factor: secondFactorKinds,
  roles: userRole.enumValues,
  purpose: playbackPurpose.enumValues,
  searchedBy: searchKinds,
  kind: [...approvals.kind.enumValues, ...retentionTriggers.kind.enumValues, ...discrepancyKinds, ...jobKinds],
  trigger: ["call", ...retentionTriggers.kind.enumValues],
  state: ["running", "awaiting_approval", "finished", "out_of_time", "failed", "interrupted", "rejected"],
  previousState: recordingState.enumValues,
  role: userRole.enumValues,
  roleBefore: userRole.enumValues,
  signOnCode: signOnCodes,
  linkedBy: ["created", "email", "administrator"],
  endedBy: ["logout", "dismissed", "no_rule"],
  delivery: ["gateway", "presigned"],
  verdict: ["whole", "broken", "unchecked", "nothing_to_verify"],
  accessDecision: accessDecisions,
  rule: alertRules,
  schedule: reportSchedules,
  schedules: reportSchedules,
  reportFile: [...reportFileKinds, "statement"],
  scope: ["batches", "selection", "recording", "run", "order"],
  template: templateNames,
  event: ["recording.stored", "recording.failed", "recording.empty"],
  changed: ["matter", "reason", "ownerId", "reviewOn", "legalBasis", "isDefault", "justification"],
  resolution: ["still_true", "no_longer_true", "object_removed", "same_content", "loss_admitted", "retried"],
  encryption: ["custodia:aes256-gcm", "AES256", "aws:kms", "aws:kms:dsse", "none"],
  expectedAlgorithm: ["custodia:aes256-gcm", "AES256", "aws:kms", "none", "unverifiable"],
  foundAlgorithm: ["custodia:aes256-gcm", "AES256", "aws:kms", "none", "unverifiable"],
  change: ["size", "sha256", "etag", "newer_version", "delete_marker", "version_gone", "integrity", "key_missing"],
  lock: ["never", "taken_off", "no_version"],
  place: ["recordings", "other"],
  channel: [...requestChannels, ...messageChannels],
  requester: requesters,
  rights: requestRights,
  right: requestRights,
  step: steps,
  identityMethod: identityMethods,
  identityLevel: ["1", "2", "3", "4"],
  document: seenDocuments,
  matchDecision: matchDecisions,
  measure: [...decisionMeasures, "suggested"],
  ground: refusalCodes,
  legalGround: orderGrounds,
  officerRole: officerRoles,
  documentKind: documentKinds,
  audioForm: derivedForms,
  answerFile: answerFileKinds,
  sharerMeasure: sharerMeasures,
  sharerEnd: sharerEnds,
  stateFrom: processStates,
  stateTo: processStates,
  effect: incidentEffects,
  criteria: incidentCriteria,
  noticeKind: incidentNoticeKinds,
  how: ["accessed_by", "unit_calls", "recording"],
  control: controlNames,
  failing: controlNames,
  store: ["disk", "supabase"],
  minimum: ["90 day", "5 year"],
  keptFor: ["5 year"],
  unprovenKeptFor: ["30 day"],
};

async function shown(locale: Locale, children: ReactNode): Promise<string> {
  const problems: unknown[] = [];
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={await loadMessages(locale)}
      timeZone="UTC"
      onError={(error) => problems.push(error)}
    >
      {children}
    </NextIntlClientProvider>,
  );
  expect(problems).toEqual([]);
  return html.replace(/<[^>]*>/g, "");
}

describe.each(locales)("codes in %s", (locale) => {
  it.each(Object.keys(codes))("of the detail %s are shown in words", async (name) => {
    const { codes: words } = await loadMessages(locale);
    for (const code of codes[name]!) {
      const text = await shown(locale, <DetailValue name={name} value={code} />);
      expect(["", code, words.causes.other], code).not.toContain(text);
      expect(text, code).not.toMatch(/[a-z]+_[a-z]+/);
    }
  });

  it.each(["reason", "kind", "permission"])("of the detail %s are shown as their successors", async (name) => {
    const codesOf: readonly string[] = codes[name]!;
    const renamed = Object.entries(codeSuccessorOf).filter(([, current]) => codesOf.includes(current));
    expect(renamed).not.toEqual([]);
    for (const [earlier, current] of renamed)
      expect(await shown(locale, <DetailValue name={name} value={earlier} />)).toBe(
        await shown(locale, <DetailValue name={name} value={current} />),
      );
  });

  it("have a name for each job and each detail", async () => {
    const { audit } = await loadMessages(locale);
    expect(Object.keys(audit.actors.jobs)).toEqual(expect.arrayContaining([...jobNames]));
    for (const name of Object.keys(codes)) expect(Object.keys(audit.details)).toContain(name);
  });

  it("of an HTTP status, an unknown cause, a bucket and a copy are shown with their value", async () => {
    function Words() {
      const [cause, store, kind] = [useCause(), useStoreName(), useCallKind()];
      return [cause("http_503"), cause("unheard_of"), store("s3:calls"), store("cold"), kind("complaint")].join("|");
    }
    const words = (await shown(locale, <Words />)).split("|");
    expect(words[0]).toContain("503");
    expect(words[1]).not.toContain("unheard");
    expect(words.slice(2).join()).toMatch(/^S3: calls,(Cópia|Copy): cold,(Reclamação|Complaint)$/);
  });
});
