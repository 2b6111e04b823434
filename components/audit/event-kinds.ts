import { auditActions, type AuditAction } from "@/lib/operation/audit-actions";

/** The groups of kinds: by the whole name of an action, else by its noun. */
const groups: Record<string, readonly string[]> = {
  playback: [
    "recording.play_granted",
    "recording.download_granted",
    "recording.playback_refused",
    "recording.played",
  ].concat(["recording.play_reported", "recording.downloaded", "recording.searched"]),
  deletion: ["recording.marked_for_deletion", "recording.deletion_stopped", "recording.deletion_failed"].concat([
    ...["recording.deleted", "receipt", "retention_policy", "retention_run", "deletion_order", "erasure_ledger"],
  ]),
  holds: ["legal_hold", "recording.held", "recording.hold_released", "recording.object_locked"].concat([
    "recording.object_unlocked",
  ]),
  access: ["access", "session", "account", "second_factor", "single_sign_on"],
  administration: [
    "access_review",
    "user",
    "unit",
    "controller",
    "service_account",
    "api_key",
    "webhook",
    "message_text",
  ],
  recordings: ["recording", "upload_ticket"],
  requests: ["subject_request", "message"],
  approvals: ["approval"],
  storage: ["storage", "store_scan", "data_key"],
  log: ["audit_log", "audit_report", "oversight", "alert", "job"],
};

export type EventKind = { id: AuditAction; label: string };

type Words = { (key: string, values?: Record<string, string>): string };

const groupOf = (action: string) => {
  const named = (name: string) => Object.keys(groups).find((group) => groups[group]!.includes(name));
  return named(action) ?? named(action.split(".")[0]!) ?? "log";
};

/** Every kind of event, as its group and its sentence, in the order of the groups. */
export function eventKinds(t: Words): EventKind[] {
  const kinds = auditActions.map((id) => {
    const sentence = t(`actions.${id}`, { actor: "…", target: "…" }).replace(/^…\s*/, "");
    return { id, group: groupOf(id), label: `${t(`groups.${groupOf(id)}`)}: ${sentence}` };
  });
  return Object.keys(groups).flatMap((group) => kinds.filter((kind) => kind.group === group));
}

/** The kinds whose group or sentence has every word that was typed, in any order, without regard to accents. */
export function kindsFor(kinds: readonly EventKind[], text: string): EventKind[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const whole = kinds.filter(({ label }) => folded(label) === folded(text));
  return whole.length > 0 ? whole : kinds.filter(({ label }) => words.every((word) => folded(label).includes(word)));
}

const folded = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().trim();
