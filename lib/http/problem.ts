import { errorStatus, type AppError } from "@/lib/core/errors";
import { jsonAnswer } from "@/lib/http/json-answer";
import { knownError } from "@/lib/http/known-error";
import { log } from "@/lib/core/log";
import { takeLogLine } from "@/lib/core/log-budget";

/**
 * Converts an error to RFC 9457 problem details. A known error shows its stable code; any other shows `internal` and
 * the request id, under which the log has the details.
 */
export function problem(error: unknown, requestId: string): Response {
  const { body, headers } = problemDetails(error, requestId);
  return jsonAnswer(body, {
    status: body.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}

/** The body and the further headers of a problem; one item of a batch has them without a response of its own. */
export function problemDetails(error: unknown, requestId: string) {
  const known = knownError(error);
  const code = known?.code ?? "internal";
  if (takeLogLine(code)) logProblem(error, known, requestId);
  const status = errorStatus[code];
  const body = {
    type: `urn:custodia:problem:${code}`,
    title: code.replaceAll("_", " "),
    status,
    code,
    requestId,
    ...(known?.details.fields ? { fields: known.details.fields } : {}),
  };
  const headers: Record<string, string> = {};
  if (known?.details.retryAfterSeconds) headers["retry-after"] = String(known.details.retryAfterSeconds);
  if (known?.details.totalSizeBytes !== undefined) headers["content-range"] = `bytes */${known.details.totalSizeBytes}`;
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return { body, headers };
}

function logProblem(error: unknown, known: AppError | null, requestId: string): void {
  if (!known) log.error({ error, requestId }, "unexpected error");
  else if (known.status >= 500) log.error({ error, requestId, code: known.code }, "request failed");
  else {
    const detail = known.code === "invalid_input" ? undefined : known.detail;
    log.info({ code: known.code, detail, requestId }, "request refused");
  }
}
