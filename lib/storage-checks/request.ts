import { createHash, randomBytes } from "node:crypto";
import type { CheckedStore } from "@/lib/storage-checks/check";
import type { SignedUpload } from "@/lib/storage/object-facts";

const TIMEOUT_MS = 15_000;

/** A request without credentials. */
export const request = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });

export type Ticket = SignedUpload & { key: string; bytes: Buffer };

/** An upload link for random bytes under a new key. */
export async function ticketFor({ store, newKey }: CheckedStore, expiresInSeconds = 60): Promise<Ticket> {
  const bytes = randomBytes(2048);
  const key = newKey();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    key,
    bytes,
    ...(await store.signUpload({ key, contentType: "audio/wav", sizeBytes: bytes.length, sha256, expiresInSeconds })),
  };
}

/** Sends the bytes of a ticket by its link. */
export const send = ({ url, headers, bytes }: Pick<Ticket, "url" | "headers" | "bytes">) =>
  request(url, { method: "PUT", headers, body: bytes as BodyInit });

/** Writes a small object. @returns its key. */
export async function smallObject({ store, newKey }: CheckedStore): Promise<string> {
  const key = newKey();
  await store.put(key, Buffer.from("custodia check"), { contentType: "audio/wav", ifNoneMatch: null });
  return key;
}
