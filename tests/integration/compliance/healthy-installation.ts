import { eq } from "drizzle-orm";
import postgres from "postgres";
import { changeController } from "@/lib/access/controller/change-controller";
import { adoptDocument } from "@/lib/compliance/documents/adopt-document";
import { saveDocument } from "@/lib/compliance/documents/save-document";
import { recordTerm } from "@/lib/compliance/terms/record-term";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import {
  apiKeys,
  deletionOrders,
  playbackGrants,
  recordings,
  retentionRuns,
  serviceAccounts,
  storageChecks,
  storeScans,
} from "@/lib/db/schema";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { assignRequest } from "@/lib/subject-requests/assign-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, person, type Person } from "../../support/actors";
import { placedHold } from "../../support/placed-holds";
import { policyTerms } from "../../support/policies";
import { policy, storedRecording, unitWithQueue, daysAgo } from "../../support/recordings";
import { letter } from "../../support/subject-requests";

export type Healthy = Awaited<ReturnType<typeof healthyInstallation>>;

const controller = {
  ...{ legalName: "Telefonia Exemplo S.A.", tradeName: "", cnpj: "11.222.333/0001-81" },
  ...{ address: "Avenida Paulista, 1000, São Paulo - SP", email: "contato@exemplo.example", phone: "" },
  ...{ privacyNoticeUrl: "", deadlineTimeZone: "America/Sao_Paulo" as const },
  ...{ officerName: "Maria da Conceição", officerFirm: "", contactEmail: "encarregada@exemplo.example" },
  ...{ contactPhone: "", officerAppointment: "Portaria 12/2026", officerAppointedOn: "2026-01-05", officerUserId: "" },
  ...{ substituteName: "José Pereira", substituteAppointment: "Portaria 13/2026" },
  ...{ substituteAppointedOn: "2026-01-06", substituteUserId: "", approverUserId: "", smallAgentReason: "" },
} as const;

/** An installation in which every control holds, or has nothing to check. */
export async function healthyInstallation() {
  const { unitId } = await unitWithQueue();
  const [admin, dpo, auditor] = [await person("admin"), await person("dpo"), await person("auditor")];
  const supervisor = await person("supervisor", { unitIds: [unitId] });
  await changeController(contextOf(admin.actor), { ...controller, version: 0 });
  const [recordingId, freeRecordingId] = await calls(unitId);
  await placedHold(supervisor, [recordingId]);
  await access(dpo, recordingId);
  await accounted(dpo);
  await work();
  const { requestId } = await registerRequest(contextOf(dpo.actor), letter());
  await assignRequest(contextOf(dpo.actor), { requestId, assigneeId: dpo.userId, assigneeIdBefore: null });
  await verifiedLog();
  const ids = { recordingId, freeRecordingId, dpoId: dpo.userId, auditorId: auditor.userId };
  return { ...ids, holdOwnerId: supervisor.userId };
}

/** The designations, the register of processing and an adopted impact report. */
async function accounted({ actor }: Person): Promise<void> {
  const act = { act: "Portaria 12/2026", signedOn: "2026-01-05", startsOn: "2026-01-05", endsOn: "" };
  for (const [role, name] of [
    ["officer", "Maria da Conceição"],
    ["substitute", "José Pereira"],
  ] as const)
    await recordTerm(contextOf(actor), { termId: newId(), role, name, ...act });
  await saveDocument(contextOf(actor), { kind: "processing", version: 0, texts: {} });
  const fields = ["description", "necessity", "consulted", "risks", "measures", "conclusion"];
  const texts = Object.fromEntries(fields.map((key) => [key, "Texto"]));
  await saveDocument(contextOf(actor), { kind: "impact", version: 0, texts });
  await adoptDocument(contextOf(actor), { kind: "impact", version: 1 });
}

/** A call with sensitive content under a policy of Art. 11, and one under the default policy. */
async function calls(unitId: string): Promise<[string, string]> {
  await policy(365);
  const terms = { ...policyTerms(365, { name: "Saúde", match: { unitId } }), legalBasis: "art11_ii_a" as const };
  await createRetentionPolicy((await person("admin")).context, { terms, reason: "Teste", acknowledgedDue: 10 });
  const { unitId: other } = await unitWithQueue();
  const [first, second] = [
    await storedRecording({ unitId, startedAt: daysAgo(3) }),
    await storedRecording({ unitId: other, startedAt: daysAgo(2) }),
  ];
  await database().update(recordings).set({ announcementPlayed: "yes" });
  await database().update(recordings).set({ sensitiveContent: "yes" }).where(eq(recordings.id, first.id));
  return [first.id, second.id];
}

/** A playback, and a phone system with a key that is used and ends. */
async function access({ userId, actor }: Person, recordingId: string): Promise<void> {
  const hour = new Date(Date.now() + 3_600_000);
  await database()
    .insert(playbackGrants)
    .values({
      ...{ id: newId(), kind: "play", recordingId, userId, sessionId: actor.sessionId, purpose: "quality_supervision" },
      ...{ reference: "OS-1", delivery: "gateway", expiresAt: hour, sizeBytes: 64 },
    });
  const serviceAccountId = newId();
  await database().insert(serviceAccounts).values({ id: serviceAccountId, name: "Central" });
  await database()
    .insert(apiKeys)
    .values({
      ...{ id: newId(), serviceAccountId, prefix: "cst_", keyHash: Buffer.alloc(32), lastUsedAt: new Date() },
      expiresAt: new Date(Date.now() + 100 * 86_400_000),
    });
}

/** A retention run, a deletion order, a store scan and a store check that ended well. */
async function work(): Promise<void> {
  const now = new Date();
  await database()
    .insert(retentionRuns)
    .values({ id: newId(), startedAt: now, progressAt: now, finishedAt: now, state: "finished" });
  await database()
    .insert(deletionOrders)
    .values({
      ...{ id: newId(), reason: "deletion_order", requestedByType: "job", requestedById: "deletion-orders-command" },
      ...{ selection: {}, justification: "Teste", expectedRecordings: 0, expectedBytes: 0, state: "finished" },
    });
  await database()
    .insert(storeScans)
    .values({ id: newId(), startedAt: now, progressAt: now, finishedAt: now, state: "finished" });
  const results = [{ control: "encryption", outcome: "holds" as const, detail: null }];
  await database().insert(storageChecks).values({ id: newId(), store: "disk", results });
}

/** The event that a verification writes. */
async function verifiedLog(): Promise<void> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  await owner`insert into audit_events (id, occurred_at, writer_id, writer_sequence, writer_settled, actor_type,
    actor_id, action, outcome, request_id, details, hmac_key_id, hmac) values (${newId()}, now(), ${newId()}, 1, 0,
    'job', 'audit-command', 'audit_log.verified', 'success', ${newId()}, '{"verdict":"whole"}', 'k', '\\x00')`;
  await owner.end();
}
