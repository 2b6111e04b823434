import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import type { KeyList } from "@/lib/core/crypto/key-list";
import { AppError } from "@/lib/core/errors";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";
import { linkExpiry } from "@/lib/storage/link-expiry";
import type { SignedDownload, SignedUpload } from "@/lib/storage/object-facts";
import type { DownloadRequest, UploadRequest } from "@/lib/storage/store-requests";

/** What a verified link allows. */
export type LinkGrant =
  | { operation: "put"; contentType: string; sizeBytes: number; sha256: string }
  | { operation: "get"; contentType: string | null; contentDisposition: string | null; versionId: string | null };

/** Names of the query parameters, in the order in which they are signed. */
const SIGNED_PARAMETERS = ["operation", "expires", "size", "type", "sha256", "disposition", "version"] as const;
const ALL_PARAMETERS: ReadonlySet<string> = new Set([...SIGNED_PARAMETERS, "key", "signature"]);

/** Signs and verifies links that the portal answers. Each is for one key and one direction, until its expiry. */
export class StoreLinks {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #currentId: string;
  readonly #base: string;

  /** @param publicBaseUrl address of the portal; https, or loopback. */
  constructor(keys: KeyList, publicBaseUrl: string) {
    const base = assertSecureEndpoint(publicBaseUrl, "The public address of the portal");
    // A KeyObject made once: an HMAC with a Buffer key costs several times as much.
    this.#keys = new Map(keys.map((key) => [key.id, createSecretKey(key.secret)]));
    this.#currentId = keys[0].id;
    this.#base = `${base.origin}${base.pathname.replace(/\/$/, "")}/api/store`;
  }

  signUpload(request: UploadRequest): SignedUpload {
    const expiresAt = linkExpiry(request.expiresInSeconds);
    const { sizeBytes, contentType, sha256 } = request;
    const query =
      `operation=put&expires=${epochSeconds(expiresAt)}&size=${sizeBytes}` +
      `&type=${encodeURIComponent(contentType)}&sha256=${sha256}`;
    const headers = { "content-type": contentType, "if-none-match": "*" };
    return { method: "PUT", url: this.#signed(request.key, query), headers, expiresAt };
  }

  signDownload(request: DownloadRequest): SignedDownload {
    const expiresAt = linkExpiry(request.expiresInSeconds);
    let query = `operation=get&expires=${epochSeconds(expiresAt)}`;
    if (request.contentType !== undefined) query += `&type=${encodeURIComponent(request.contentType)}`;
    if (request.contentDisposition !== undefined)
      query += `&disposition=${encodeURIComponent(request.contentDisposition)}`;
    if (request.versionId !== undefined) query += `&version=${encodeURIComponent(request.versionId)}`;
    return { url: this.#signed(request.key, query), expiresAt };
  }

  /** Whether the portal answers this address. */
  isOwnLink(url: string): boolean {
    return url.startsWith(`${this.#base}/`);
  }

  /** @throws AppError `forbidden` if the portal did not sign the link for this key; `expired`. */
  verify(objectKey: string, query: URLSearchParams, now: Date): LinkGrant {
    const names = [...query.keys()];
    const known = new Set(names).size === names.length && names.every((name) => ALL_PARAMETERS.has(name));
    const key = this.#keys.get(query.get("key") ?? "");
    if (!known || !key) throw forbidden();
    const signed = SIGNED_PARAMETERS.filter((name) => query.has(name)).map(
      (name) => `${name}=${encodeURIComponent(query.get(name)!)}`,
    );
    // Compared as text: base64 leaves two spare bits in the last letter, so several texts decode to one signature.
    const expected = Buffer.from(signatureOf(key, objectKey, signed.join("&")));
    const given = Buffer.from(query.get("signature") ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw forbidden();
    if (now.getTime() >= Number(query.get("expires")) * 1000) throw new AppError("expired", "the link has expired");
    return grantOf(query);
  }

  #signed(objectKey: string, query: string): string {
    const signature = signatureOf(this.#keys.get(this.#currentId)!, objectKey, query);
    return `${this.#base}/${objectKey}?${query}&key=${this.#currentId}&signature=${signature}`;
  }
}

/** Object keys contain no line feed and the query is percent-encoded, so the signed text is unambiguous. */
function signatureOf(key: KeyObject, objectKey: string, query: string): string {
  return createHmac("sha256", key).update(`custodia store link v1\n${objectKey}\n${query}`).digest("base64url");
}

function grantOf(query: URLSearchParams): LinkGrant {
  if (query.get("operation") === "put") {
    return {
      operation: "put",
      contentType: query.get("type")!,
      sizeBytes: Number(query.get("size")),
      sha256: query.get("sha256")!,
    };
  }
  return {
    operation: "get",
    contentType: query.get("type"),
    contentDisposition: query.get("disposition"),
    versionId: query.get("version"),
  };
}

function forbidden(): AppError {
  return new AppError("forbidden", "the link was not signed by this portal for this object");
}

function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
