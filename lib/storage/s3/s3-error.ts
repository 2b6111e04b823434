import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

const BY_NAME: Record<string, StoreErrorCode> = {
  NoSuchKey: "not_found",
  NoSuchVersion: "not_found",
  NoSuchUpload: "not_found",
  NotFound: "not_found",
  NoSuchBucket: "unavailable",
  ConditionalRequestConflict: "unavailable",
  InvalidRange: "range_not_satisfiable",
  BadDigest: "checksum_mismatch",
  InvalidDigest: "checksum_mismatch",
  XAmzContentSHA256Mismatch: "checksum_mismatch",
  XAmzContentChecksumMismatch: "checksum_mismatch",
  IncompleteBody: "size_mismatch",
  EntityTooLarge: "too_large",
  NotImplemented: "not_supported",
  MethodNotAllowed: "not_supported",
  SlowDown: "throttled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  RequestTimeout: "timed_out",
  TimeoutError: "timed_out",
};

const BY_STATUS: Record<number, StoreErrorCode> = {
  400: "invalid_request",
  401: "forbidden",
  403: "forbidden",
  404: "not_found",
  405: "not_supported",
  408: "timed_out",
  412: "precondition_failed",
  413: "too_large",
  416: "range_not_satisfiable",
  429: "throttled",
  501: "not_supported",
  503: "throttled",
};

interface SdkError {
  name?: string;
  Code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Converts an error of the SDK to the port's error. The name decides before the status: a 400 has many meanings. */
export function toS3StoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof Error && error.name === "AbortError") return error;
  const { name = "", Code = "", $metadata } = (error ?? {}) as SdkError;
  const code = codeOf(name, Code, $metadata?.httpStatusCode);
  return new StoreError(code, `The store answered ${Code || name || "nothing"}.`, { cause: error });
}

/** The code of an error, also of one inside a response with status 200 (DeleteObjects). */
export function codeOf(name: string, code: string, status?: number): StoreErrorCode {
  const byName = BY_NAME[code] ?? BY_NAME[name];
  if (byName) return byName;
  if (code === "AccessDenied") return "forbidden";
  return (status !== undefined && BY_STATUS[status]) || "unavailable";
}

/** Runs a call to the SDK and converts its errors. */
export async function mapS3Errors<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw toS3StoreError(error);
  }
}
