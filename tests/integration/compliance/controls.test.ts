import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { noMessages } from "../../../scripts/launch/portal-environment.mjs";
import { controlNames, type ControlName } from "@/lib/compliance/controls";
import { healthyInstallation, type Healthy } from "./healthy-installation";

// Before a module reads the settings.
process.env.NEXTAUTH_URL = "https://portal.exemplo.example";

const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
let healthy: Healthy;

beforeAll(async () => {
  healthy = await healthyInstallation();
});

afterAll(() => owner.end());

/** The controls that do not hold after a change of the database, which is undone. */
async function failingAfter(change: string): Promise<ControlName[]> {
  // Under the settings of now.
  const { evaluateControls } = await import("@/lib/compliance/check-controls");
  await owner.unsafe("begin");
  try {
    if (change) await owner.unsafe(change);
    await owner.unsafe("set local role custodia_app");
    const results = await evaluateControls({ db: drizzle(owner), now: new Date() });
    return results.filter(({ state }) => state === "fail" || state === "unknown").map(({ control }) => control);
  } finally {
    await owner.unsafe("rollback");
  }
}

/** Sets settings, or removes them, and reloads the modules that read them. */
function set(settings: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of settings)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  vi.resetModules();
}

/** How each control is broken: by a change of the database, or by settings of the environment. */
const breaks: Record<ControlName, () => string | { settings: Record<string, string | undefined> }> = {
  access_states_reference: () => `update playback_grants set reference = ' '`,
  announcement_played: () => `update recordings set announcement_played = 'no' where id = '${healthy.recordingId}'`,
  announcement_known: () => `update recordings set announcement_played = 'unknown'`,
  numbers_understood: () => `update recordings set number_kind = 'not_understood', customer_number_encrypted = null,
    customer_number_index = null, customer_number_tail_index = null, number_last_four_index = null`,
  dates_certain: () => `update recordings set date_doubt = 'sender', stored_at = now() - interval '8 days'`,
  policies_state_basis: () => `update retention_policies set legal_basis = null where is_default`,
  sensitive_calls_basis: () => `update retention_policies set legal_basis = 'art7_ii'`,
  policies_reviewed: () => `update retention_policies set review_on = '2020-01-01'`,
  default_policy: () => `update retention_policies set active = false where is_default`,
  retention_runs: () => `update retention_runs set finished_at = now() - interval '27 hours'`,
  nothing_past_date: () => `update recordings set retain_until = now() - interval '3 days'
    where id = '${healthy.freeRecordingId}'`,
  deletions_end: () => `update recordings set state = 'deleting', deleting_at = now() - interval '25 hours',
    deletion_reason = 'retention_expired' where id = '${healthy.freeRecordingId}'`,
  deletion_orders_end: () => `update deletion_orders set state = 'running', created_at = now() - interval '8 days'`,
  ledger_copied: () => `insert into erasure_ledger (sequence, body, created_at)
    values (1000, '{}', now() - interval '2 hours')`,
  holds_reviewed: () => `update legal_holds set review_on = '2020-01-01'`,
  holds_have_owner: () => `update users set active = false where id = '${healthy.holdOwnerId}'`,
  held_objects_locked: () => `insert into store_scan_findings (id, kind, recording_id, facts, last_seen_at)
    values (gen_random_uuid(), 'hold_not_locked', '${healthy.recordingId}', '{}', now())`,
  blocks_reviewed: () => `insert into recording_blocks (id, recording_id, blocked_by_id, created_at)
    values (gen_random_uuid(), '${healthy.recordingId}', '${healthy.dpoId}', now() - interval '181 days')`,
  requests_on_time: () => `update subject_requests set due_until = now() - interval '1 hour'`,
  requests_assigned: () => `update subject_requests set assignee_id = null, received_at = now() - interval '3 days'`,
  requests_closed: () => `update subject_requests set is_open = false, due_until = now() - interval '91 days'`,
  deadlines_of_law: () => `insert into subject_request_deadlines (id, right_code, days, source, reason, changed_by_id)
    values (gen_random_uuid(), 'full_declaration', 60, 'Norma', 'Motivo longo', '${healthy.dpoId}')`,
  public_channel: () => ({ settings: noMessages }),
  messages_delivered: () => `insert into messages (id, key, reference_id, channel, template, template_version, locale,
    state, expires_at, ended_at) values (gen_random_uuid(), 'x', gen_random_uuid(), 'email', 'one_time_code',
    'standard:1', 'pt-BR', 'failed', now(), now())`,
  answers_signed: () => `update subject_request_rights set state = 'answered', answered_at = now()`,
  recipients_told: () => `insert into subject_request_sharer_tasks (id, request_id, measure, recording_ids, created_at)
    select gen_random_uuid(), id, 'deleted', '{}', now() - interval '6 days' from subject_requests limit 1`,
  approvals_decided: () => `insert into approvals (id, kind, subject_id, payload, reason, requested_by_id, created_at)
    values (gen_random_uuid(), 'hold_release', gen_random_uuid(), '{}', 'Motivo', '${healthy.dpoId}',
    now() - interval '6 days')`,
  recordings_encrypted: () =>
    `update recordings set encryption = '{"algorithm": "none"}' where id = '${healthy.recordingId}'`,
  wrapping_key_works: () => ({
    settings: {
      ENVELOPE_KMS_KEY_ID: "alias/custodia",
      ENVELOPE_KMS_REGION: "sa-east-1",
      ENVELOPE_KMS_ENDPOINT: "http://127.0.0.1:1",
    },
  }),
  one_wrapping_key: () =>
    `insert into data_keys (object_key, key_id, wrapped_key) values ('a', 'k1', '\\x00'), ('b', 'k2', '\\x00')`,
  store_proved: () => `update storage_checks set created_at = now() - interval '31 days'`,
  store_scanned: () => `update store_scans set finished_at = now() - interval '4 days'`,
  no_severe_discrepancy: () => `insert into store_scan_findings (id, kind, recording_id, facts, last_seen_at)
    values (gen_random_uuid(), 'object_missing', '${healthy.recordingId}', '{}', now())`,
  portal_by_https: () => ({ settings: { NEXTAUTH_URL: "http://127.0.0.1:3000" } }),
  card_data_decided: () => `update recordings set quarantine = 'quarantined', stored_at = now() - interval '8 days'
    where id = '${healthy.recordingId}'`,
  jobs_end: () => `insert into jobs (id, kind, key, payload, run_at, dead_at)
    values (gen_random_uuid(), 'webhook', 'x', '{}', now(), now())`,
  messages_leave: () => `insert into messages (id, key, reference_id, channel, template, template_version, locale,
    expires_at, created_at) values (gen_random_uuid(), 'x', gen_random_uuid(), 'email', 'one_time_code', 'standard:1',
    'pt-BR', now(), now() - interval '25 hours')`,
  outcomes_reported: () => `insert into webhook_deliveries (id, service_account_id, recording_id, event, ticket_id,
    payload, abandoned_at) select gen_random_uuid(), id, '${healthy.recordingId}', 'recording.stored',
    gen_random_uuid(), '{}', now() from service_accounts limit 1`,
  letters_signed_by_company: () => ({ settings: { COMPANY_CERTIFICATE: "/nonexistent/company.p12" } }),
  temporary_passwords_changed:
    () => `update users set must_change_password = true, created_at = now() - interval '8 days'
    where id = '${healthy.auditorId}'`,
  accounts_used: () => `update users set created_at = now() - interval '100 days' where id = '${healthy.auditorId}';
    update sessions set created_at = now() - interval '91 days'`,
  supervisors_have_units: () => `delete from user_units`,
  keys_end: () => `update api_keys set expires_at = null`,
  keys_used: () => `update api_keys set last_used_at = now() - interval '91 days'`,
  few_sign_in_locks: () => `insert into audit_events (id, transaction_id, occurred_at, writer_id, writer_sequence,
    writer_settled, actor_type, action, outcome, request_id, details, hmac_key_id, hmac)
    select gen_random_uuid(), pg_current_xact_id(), now(), gen_random_uuid(), n, 0, 'anonymous',
    'session.start_locked', 'denied', gen_random_uuid(), '{}', 'k', '\\x00' from generate_series(1, 11) n`,
  second_person: () => `update users set role = 'auditor' where role = 'admin'`,
  officer_can_act: () => `update users set role = 'admin' where role = 'dpo'`,
  access_reviewed: () => `insert into access_reviews (id, quarter, people, due_on)
    values (gen_random_uuid(), '2020-01-01', 1, '2020-01-31')`,
  auditor_named: () => `update users set active = false where role = 'auditor'`,
  controller_named: () => versionWith("address = null"),
  officer_named: () => versionWith("officer_name = null"),
  officer_appointed: () => versionWith("officer_appointment = null"),
  substitute_appointed: () => versionWith("substitute_name = null"),
  officer_accounts_active: () => versionWith(`officer_user_id = '${healthy.auditorId}'`),
  incidents_notified: () => `insert into incidents (id, number, registered_by_id, known_at, time_zone, is_small_agent,
    circumstances_encrypted) values (gen_random_uuid(), 1, '${healthy.dpoId}', now() - interval '20 days',
    'America/Sao_Paulo', false, '\\x00')`,
  log_sealed: () => `alter table audit_events disable trigger user;
    update audit_events set occurred_at = now() - interval '6 minutes' where action <> 'audit_log.verified';
    alter table audit_events enable trigger user`,
  log_anchored: () => `insert into audit_seals (sequence, epoch, anchor_epoch, transaction_from, transaction_to,
    event_count, merkle_root, previous_hash, writers, sealed_at, hash, signing_key_id, signature, leaves)
    values (1, 'x', 'x', '1', '2', 1, '\\x00', '\\x00', '{}', now() - interval '11 minutes', '\\x00', 'k', '\\x00',
    '\\x00')`,
  log_verified: () => `alter table audit_events disable trigger user;
    update audit_events set outcome = 'failure' where action = 'audit_log.verified';
    alter table audit_events enable trigger user`,
  log_append_only: () => `grant delete on audit_events to custodia_app`,
  rows_secured: () => `alter table units disable row level security`,
  register_current: () => aged("processing", "created_at"),
  impact_adopted: () => aged("impact", "adopted_at"),
  balancing_adopted: () => `update retention_policies set legal_basis = 'art7_ix' where is_default`,
  transfers_have_mechanism: () => ({ settings: { STORAGE_COPIES: JSON.stringify([copyAbroad]) } }),
  officer_in_office: () => `update officer_terms set ends_on = '2026-01-31' where role = 'officer'`,
  substitute_in_office: () => `update officer_terms set voided_at = now(), voided_by_id = '${healthy.dpoId}'
    where role = 'substitute'`,
};

const copyAbroad = {
  ...{ name: "replica", kind: "s3", region: "us-east-1", bucket: "replica", accessKeyId: "x", secretAccessKey: "x" },
};

/** A document that came into force more than a year ago. */
const aged = (kind: string, column: string) =>
  `update governance_documents set ${column} = now() - interval '367 days' where kind = '${kind}'`;

/** A new version of the controller's settings that differs in one column. */
function versionWith(change: string): string {
  return `alter table controller_versions disable trigger user; update controller_versions set ${change};
    alter table controller_versions enable trigger user`;
}

describe("controls", () => {
  it("are at least forty, and all pass or do not apply in a healthy installation", async () => {
    expect(controlNames.length).toBeGreaterThanOrEqual(40);
    expect(await failingAfter("")).toEqual([]);
  });

  it.each(controlNames)("%s fails alone when it is broken", async (control) => {
    const change = breaks[control]();
    if (typeof change === "string") return expect(await failingAfter(change)).toEqual([control]);
    const before = Object.keys(change.settings).map((name) => [name, process.env[name]] as const);
    try {
      set(Object.entries(change.settings));
      expect(await failingAfter("")).toEqual([control]);
    } finally {
      set(before);
    }
  });
});
