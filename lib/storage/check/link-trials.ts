import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fails, holds, refusedBy, unsupported, type StoreUnderTrial, type Trial } from "@/lib/storage/check/trial";
import type { SignedUpload } from "@/lib/storage/object-store";

const TIMEOUT_MS = 15_000;

export const request = (url: string, init: RequestInit = {}) => fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });

async function ticketFor({ store, newKey }: StoreUnderTrial, expiresInSeconds = 60) {
  const bytes = randomBytes(2048);
  const key = newKey();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { key, bytes, ...(await store.signUpload({ key, contentType: "audio/wav", sizeBytes: bytes.length, sha256, expiresInSeconds })) };
}

const send = ({ url, headers }: SignedUpload, body: Uint8Array) => request(url, { method: "PUT", headers, body: body as BodyInit });

/** Links: what they let through, and what they do not. */
export const linkTrials: Record<string, Trial> = {
  async upload_by_link(under) {
    const ticket = await ticketFor(under);
    const { status } = await send(ticket, ticket.bytes);
    const facts = await under.store.head(ticket.key);
    return status === 200 && facts?.sizeBytes === ticket.bytes.length ? holds() : fails(`http_${status}`);
  },

  async wrong_content_refused(under) {
    if (!under.store.capabilities.sha256Verified) return unsupported("portal_reads_back");
    const ticket = await ticketFor(under);
    const other = Buffer.from(ticket.bytes);
    other[7]! ^= 1;
    return refusedBy((await send(ticket, other)).status);
  },

  async tampered_link_refused(under) {
    const ticket = await ticketFor(under);
    return refusedBy((await send({ ...ticket, url: ticket.url.replace(ticket.key, under.newKey()) }, ticket.bytes)).status);
  },

  async expired_link_refused(under) {
    const ticket = await ticketFor(under, 1);
    await sleep(2_500);
    return refusedBy((await send(ticket, ticket.bytes)).status);
  },

  /** Refused; or the version seen at completion can still be read; or completion moves the object away. */
  async old_link_harmless(under) {
    const ticket = await ticketFor(under);
    if ((await send(ticket, ticket.bytes)).status !== 200) return fails("first_upload_refused");
    const before = await under.store.head(ticket.key);
    const { status } = await send(ticket, ticket.bytes);
    if (status >= 400) return refusedBy(status);
    if (under.store.promote) return holds("moved_at_completion");
    const pinned = before?.versionId ? await under.store.head(ticket.key, before.versionId) : null;
    return pinned?.etag === before?.etag && pinned ? holds("version_pinned") : fails("replaced");
  },

  async range_read(under) {
    const key = under.newKey();
    await under.store.put(key, Buffer.from("0123456789"), { contentType: "audio/wav", ifNoneMatch: null });
    const { url } = await under.store.signDownload({ key, expiresInSeconds: 60 });
    const answer = await request(url, { headers: { range: "bytes=2-4" } });
    return answer.status === 206 && (await answer.text()) === "234" ? holds() : fails(`http_${answer.status}`);
  },
};
