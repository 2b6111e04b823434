import { createHash } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { auditEvents, recordings, retentionPolicies, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { configuredStore } from "@/lib/storage/configured-store";
import { smallAudio, type Audio } from "./audio-fixtures";
import { operator, serviceAccount, unit, type ServiceAccount } from "./people";
import { policyTerms } from "./policies";
import { call } from "./portal";

export type Ticket = {
  id: string;
  state: string;
  upload: { ticketId: string; method: "PUT"; url: string; headers: Record<string, string>; expiresAt: string } | null;
};

/** The required data that a phone system announces about a call. */
export function callMetadata(unitCode: string, file: Audio, changes: Record<string, unknown> = {}) {
  const { contentType, sizeBytes, sha256 } = file;
  return {
    source: "central",
    sourceCallId: newId(),
    unit: unitCode,
    direction: "inbound",
    startedAt: new Date(Date.now() - 3_600_000).toISOString(),
    contentType,
    sizeBytes,
    sha256,
    ...changes,
  };
}

export const askTicket = (headers: Record<string, string>, metadata: unknown) =>
  call("POST", "/api/recordings", { headers, json: metadata });

/** Sends bytes with a Content-Length, as an HTTP client does. */
export function sendBytes(ticket: Ticket, bytes: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return call("PUT", ticket.upload!.url, {
    headers: { ...ticket.upload!.headers, "content-length": String(bytes.length), ...headers },
    body: new Uint8Array(bytes),
  });
}

/** The announcement of a phone system that can neither measure nor hash. */
export function plainMetadata(unitCode: string, file: Audio, changes: Record<string, unknown> = {}) {
  return { ...callMetadata(unitCode, file, changes), sizeBytes: undefined, sha256: undefined };
}

/** Sends bytes through the portal. */
export function putContent(
  headers: Record<string, string>,
  id: string,
  bytes: Buffer,
  more: Record<string, string> = {},
): Promise<Response> {
  return call("PUT", `/api/recordings/${id}/content`, {
    headers: { ...headers, "content-length": String(bytes.length), ...more },
    body: new Uint8Array(bytes),
  });
}

/** The value of `Content-Digest` (RFC 9530) for these bytes. */
export const contentDigest = (bytes: Buffer) => `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;

/** A completion without a ticket id, as older senders make. */
export const complete = (headers: Record<string, string>, id: string) =>
  call("POST", `/api/recordings/${id}/complete`, { headers, json: {} });

/** A completion of exactly this upload. */
export const completeTicket = (
  headers: Record<string, string>,
  { id, upload }: Pick<Ticket, "id"> & { upload: { ticketId: string } | null },
) => call("POST", `/api/recordings/${id}/complete`, { headers, json: { ticketId: upload!.ticketId } });

let policy: Promise<string> | undefined;

/** The default retention policy, which an installation needs before it accepts uploads. */
export function defaultPolicy(): Promise<string> {
  return (policy ??= findOrCreatePolicy());
}

async function findOrCreatePolicy(): Promise<string> {
  const [found] = await database().select({ id: retentionPolicies.id }).from(retentionPolicies);
  if (found) return found.id;
  return (
    await createRetentionPolicy(operator(), {
      terms: policyTerms(180),
      reason: "Primeira política",
      acknowledgedDue: 0,
    })
  ).policyId;
}

export type PhoneSystem = ServiceAccount & { unitId: string; unitCode: string };

/** A service account, a unit to upload to and the default policy. */
export async function phoneSystem(): Promise<PhoneSystem> {
  await defaultPolicy();
  const [own, { unitId, code }] = [await serviceAccount(), await unit()];
  return { ...own, unitId, unitCode: code };
}

/** Uploads a recording through all steps of the upload API. */
export async function storedRecording(
  system: PhoneSystem,
  file: Audio = smallAudio(),
  changes: Record<string, unknown> = {},
): Promise<string> {
  const ticket = (await (
    await askTicket(system.headers, callMetadata(system.unitCode, file, changes))
  ).json()) as Ticket;
  await sendBytes(ticket, file.bytes);
  const completed = await completeTicket(system.headers, ticket);
  if (completed.status !== 200) throw new Error(`not stored: ${await completed.text()}`);
  return ticket.id;
}

export async function recordingRow(id: string) {
  const [row] = await database().select().from(recordings).where(eq(recordings.id, id));
  return row!;
}

/** All recordings of a call that are not deleted, oldest first. */
export const recordingsOfCall = (sourceCallId: string) =>
  database().select().from(recordings).where(eq(recordings.sourceCallId, sourceCallId)).orderBy(asc(recordings.id));

export async function ticketsOf(recordingId: string) {
  return database()
    .select()
    .from(uploadTickets)
    .where(eq(uploadTickets.recordingId, recordingId))
    .orderBy(asc(uploadTickets.createdAt), asc(uploadTickets.id));
}

/** All objects of recordings in the store. */
export async function storedKeys(): Promise<string[]> {
  const { objects } = await configuredStore().list({ prefix: "recordings/", limit: 1000 });
  return objects.map(({ key }) => key);
}

export async function eventsAbout(targetId: string, action?: string) {
  const { actorType, actorId, outcome, details, requestId } = auditEvents;
  return database()
    .select({ action: auditEvents.action, actorType, actorId, outcome, details, requestId })
    .from(auditEvents)
    .where(and(eq(auditEvents.targetId, targetId), action ? eq(auditEvents.action, action) : undefined))
    .orderBy(asc(auditEvents.occurredAt), asc(auditEvents.id));
}

/** Expects an error as problem details with this code. Returns the body. */
export async function problemOf(
  response: Response,
): Promise<{ status: number; code: string; type: string | null; body: Record<string, unknown> }> {
  const text = await response.text();
  const body = (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, code: String(body.code), type: response.headers.get("content-type"), body };
}

export const refusal = (status: number, code: string) => ({ status, code, type: "application/problem+json" });
