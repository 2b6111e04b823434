import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { and, asc, eq, sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { agents, auditEvents, queues, recordings, recordingWaveforms, units, uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { contentId } from "@/lib/db/recording-ids";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { numberColumns } from "@/lib/recordings/customer-number";
import type { DateDoubt } from "@/lib/recordings/doubtful-date";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { configuredStore } from "@/lib/storage/configured-store";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { policyTerms } from "./policies";

export const job = (): OperationContext => ({
  actor: { type: "job", name: "retention" },
  requestId: newId(),
  ipAddress: null,
});

export const admin = (): OperationContext => ({
  actor: { type: "user", userId: newId(), role: "admin", unitIds: [], sessionId: newId(), hasFreshProof: true },
  requestId: newId(),
  ipAddress: null,
});

const zone = () => env().CONTROLLER_TIME_ZONE;

/** 00:00 in the controller's zone, `offset` days from today. São Paulo has kept -03:00 since 2019. */
export function localMidnight(offset: number): Date {
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: zone() }).format(new Date());
  return new Date(Date.parse(`${today}T03:00:00Z`) + offset * 86_400_000);
}

export const daysAgo = (days: number) => new Date(localMidnight(-days).getTime() + 12 * 3_600_000);

/** The default policy, or one of a unit or queue. */
export async function policy(
  days: number,
  scope: { unitId?: string; queueId?: string } = {},
  name = "Padrão",
): Promise<string> {
  const match = Object.keys(scope).length === 0 ? undefined : scope;
  return (
    await createRetentionPolicy(admin(), {
      terms: policyTerms(days, { name, match }),
      reason: "Teste",
      acknowledgedDue: 10_000_000,
    })
  ).policyId;
}

export async function unitWithQueue(): Promise<{ unitId: string; queueId: string; agentId: string }> {
  const [unitId, queueId, agentId] = [newId(), newId(), newId()];
  await database()
    .insert(units)
    .values({ id: unitId, code: `u-${unitId}`, name: "Cobrança", timeZone: "America/Sao_Paulo" });
  await database().insert(queues).values({ id: queueId, unitId, code: "fila-1" });
  await database().insert(agents).values({ id: agentId, unitId, code: "a-1" });
  return { unitId, queueId, agentId };
}

type Call = {
  unitId: string;
  queueId?: string | null;
  agentId?: string | null;
  startedAt: Date;
  direction?: "inbound" | "outbound" | "internal";
  callKind?: string | null;
  dateDoubt?: DateDoubt | null;
  /** Of a call that has other recordings. */
  sourceCallId?: string;
};

/** A stored recording with object, second ticket, waveform and number. */
export async function storedRecording({
  unitId,
  queueId = null,
  agentId = null,
  startedAt,
  direction = "inbound",
  callKind = null,
  dateDoubt = null,
  sourceCallId,
}: Call): Promise<{ id: string; keys: string[] }> {
  const id = newId();
  const [ticketId, olderTicketId] = [newId(), newId()];
  const keys = [`recordings/${ticketId}`, `recordings/${olderTicketId}`];
  const body = randomBytes(64);
  const sha256 = createHash("sha256").update(body).digest();
  for (const key of keys) await configuredStore().put(key, body, { contentType: "audio/wav", ifNoneMatch: "*" });
  await database().transaction(async (tx) => {
    const retention = await assignRetention(tx, { unitId, queueId, direction, callKind, startedAt });
    await tx.insert(recordings).values({
      ...{ id, unitId, queueId, agentId, startedAt, direction, callKind, ...retention },
      ...{
        state: "stored",
        source: "central",
        sourceCallId: sourceCallId ?? `5511987654321-${id}`,
        sourceRecordingId: contentId(sha256),
        uploadedByType: "service",
        uploadedById: newId(),
      },
      ...numberColumns({ kind: "number", e164: "+5511987654321" }),
      ...{
        contentType: "audio/wav",
        sizeBytes: 64,
        sha256,
        objectKey: keys[0],
        objectEtag: "etag",
        objectVersionId: "1",
      },
      ...{
        encryption: { algorithm: "custodia:aes256-gcm", keyId: "k1" },
        durationMs: 1000,
        channels: 1,
        waveformState: "ready",
        storedAt: new Date(),
        dateDoubt,
      },
    });
    const closed = { recordingId: id, expiresAt: new Date(Date.now() - 2 * 60 * 60 * 1000), closedAt: new Date() };
    await tx.insert(uploadTickets).values([
      { ...closed, id: ticketId, objectKey: keys[0]!, outcome: "completed" as const },
      { ...closed, id: olderTicketId, objectKey: keys[1]!, outcome: "superseded" as const },
    ]);
    await tx.insert(recordingWaveforms).values({ recordingId: id, channels: 1, bucketMs: 100, peaks: randomBytes(10) });
  });
  return { id, keys };
}

export function storePath(): string {
  const settings = env();
  if (settings.STORE !== "disk") throw new Error("these tests look into the folder of a disk store");
  return settings.DISK_STORE_PATH;
}

export const fileOf = (key: string) => objectPath(storePath(), key);

export const isOnDisk = (keys: string[]) => keys.some((key) => existsSync(fileOf(key)));

export async function row(id: string) {
  const [found] = await database().select().from(recordings).where(eq(recordings.id, id));
  return found!;
}

/** How often each event was written about each of these recordings. */
export async function eventsAbout(id: string, action?: (typeof auditEvents.$inferSelect)["action"]) {
  return database()
    .select({
      action: auditEvents.action,
      outcome: auditEvents.outcome,
      actorType: auditEvents.actorType,
      actorId: auditEvents.actorId,
      details: auditEvents.details,
      unitId: auditEvents.unitId,
    })
    .from(auditEvents)
    .where(and(eq(auditEvents.targetId, id), action ? eq(auditEvents.action, action) : sql`true`))
    .orderBy(asc(auditEvents.occurredAt), asc(auditEvents.id));
}

export async function eventCounts(): Promise<{ marked: number; deleted: number; mostPerRecording: number }> {
  const rows = await database().execute<{ action: string; events: number; most: number }>(sql`
    select action, sum(n)::int as events, max(n)::int as most
    from (
      select action, target_id, count(*) as n from audit_events
      where action in ('recording.marked_for_deletion', 'recording.deleted') group by 1, 2
    ) as counted
    group by action`);
  const of = (action: string) => rows.find((found) => found.action === action)?.events ?? 0;
  return {
    marked: of("recording.marked_for_deletion"),
    deleted: of("recording.deleted"),
    mostPerRecording: Math.max(0, ...rows.map(({ most }) => most)),
  };
}
