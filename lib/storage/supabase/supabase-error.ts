import { StorageApiError } from "@supabase/supabase-js";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** By the server's own code. `error.status` is 400 for almost every error. */
const BY_CODE: Record<string, StoreErrorCode> = {
  NoSuchKey: "not_found",
  // Also the answer to a service key that expired or was revoked.
  NoSuchBucket: "unavailable",
  KeyAlreadyExists: "already_exists",
  ResourceAlreadyExists: "already_exists",
  EntityTooLarge: "too_large",
  InvalidMimeType: "invalid_request",
  InvalidKey: "invalid_key",
  InvalidRange: "range_not_satisfiable",
  InvalidJWT: "forbidden",
  InvalidSignature: "forbidden",
  SignatureDoesNotMatch: "forbidden",
  ExpiredToken: "expired",
  AccessDenied: "forbidden",
  NotSupported: "not_supported",
  FeatureNotEnabled: "not_supported",
  SlowDown: "throttled",
  ResourceLocked: "throttled",
  LockTimeout: "throttled",
  DatabaseConnectionLimit: "throttled",
  DatabaseTimeout: "timed_out",
};

/** By `statusCode`, a string in the body, if there is no code (gateways before the server, older servers). */
const BY_STATUS_CODE: Record<string, StoreErrorCode> = {
  "400": "invalid_request",
  "401": "forbidden",
  "403": "forbidden",
  "408": "timed_out",
  "409": "already_exists",
  "413": "too_large",
  "415": "invalid_request",
  "416": "range_not_satisfiable",
  "429": "throttled",
  "503": "throttled",
  "504": "timed_out",
};

/**
 * Converts an error that the client returned or threw. A 404 without a code does not prove that an object is missing.
 */
export function toSupabaseStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof Error && error.name === "AbortError") return error;
  if (error instanceof Error && error.name === "TimeoutError")
    return new StoreError("timed_out", "The store did not answer in time.", { cause: error });
  // A StorageUnknownError: the network failed, or the answer was not valid.
  if (error instanceof Error && "originalError" in error) return toSupabaseStoreError(error.originalError);
  if (!(error instanceof StorageApiError))
    return new StoreError("unavailable", "The store could not be reached.", { cause: error });
  const { code, statusCode } = error;
  return new StoreError(codeOf(code, statusCode), `The store answered ${code ?? statusCode ?? "nothing"}.`, {
    cause: error,
  });
}

/** The code of an answer, by the fields of its body. */
export function codeOf(code: string | undefined, statusCode: string | undefined): StoreErrorCode {
  return (
    (code !== undefined && BY_CODE[code]) || (statusCode !== undefined && BY_STATUS_CODE[statusCode]) || "unavailable"
  );
}
