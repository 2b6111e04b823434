import { AppError } from "@/lib/core/errors";

/** The headers of a content PUT that describe its body. */
export type ContentHeaders = {
  contentType: string | null;
  contentLength: string | null;
  contentEncoding: string | null;
  digest: string | null;
};

/** Reads the relevant headers. The operation validates their values. */
export function readContentHeaders(headers: Headers): ContentHeaders {
  const digests = [headers.get("content-digest"), headers.get("repr-digest")].filter((digest) => digest !== null);
  return {
    contentType: headers.get("content-type"),
    contentLength: headers.get("content-length"),
    contentEncoding: headers.get("content-encoding"),
    digest: digests.length > 0 ? digests.join(", ") : null,
  };
}

const sha256Member = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?=,|;|$)/g;

/**
 * The SHA-256 in `Content-Digest` or `Repr-Digest` (RFC 9530), in hex; null when neither has one. Ignores other
 * algorithms.
 * @throws AppError `invalid_input` when a `sha-256` is not 32 bytes in base64, or two differ.
 */
export function declaredSha256(digest: string | null): string | null {
  if (digest === null || !/(?:^|,)\s*sha-256\s*=/.test(digest)) return null;
  const declared = new Set(
    [...digest.matchAll(sha256Member)].map(([, base64]) => Buffer.from(base64!, "base64").toString("hex")),
  );
  const [sha256] = declared;
  if (sha256 !== undefined && declared.size === 1) return sha256;
  throw new AppError("invalid_input", "invalid Content-Digest", {
    fields: [{ path: "content-digest", reason: "sha-256=:base64: once" }],
  });
}
