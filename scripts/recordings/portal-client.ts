import { setTimeout as wait } from "node:timers/promises";
import { openRequest } from "@/scripts/recordings/open-request";
import { readProblem, readRefusal } from "@/scripts/recordings/read-refusal";

/** The portal's address and the API key of a phone system. */
export type PortalClient = { baseUrl: string; apiKey: string };

/** True if an API key may be sent to the address: over TLS, or within this machine. */
export function isSafeAddress(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

/** Transient S3 codes, with any status: AWS answers a stalled connection with 400 and concurrent writers with 409. */
const passing = new Set([
  "RequestTimeout",
  "IncompleteBody",
  "OperationAborted",
  "ConditionalRequestConflict",
  "SlowDown",
  "InternalError",
  "ServiceUnavailable",
]);

/** An error of the portal or the store, with its code. Status 0: no response. */
export class UploadError extends Error {
  override readonly name = "UploadError";
  readonly code: string;
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly fields: { path: string; reason: string }[];

  constructor(
    code: string,
    status: number,
    retryAfterMs: number | null = null,
    fields: { path: string; reason: string }[] = [],
  ) {
    super(fields.length > 0 ? `${code} (${fields.map((field) => `${field.path}: ${field.reason}`).join("; ")})` : code);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.fields = fields;
  }
  private isMarkedTransient = false;
  /** True if a retry may succeed. */
  get isTransient(): boolean {
    return (
      this.isMarkedTransient ||
      this.status === 0 ||
      this.status === 408 ||
      this.status === 429 ||
      this.status >= 500 ||
      passing.has(this.code)
    );
  }
  /** Marks the error as transient: the caller removes the cause and retries. */
  asTransient(): this {
    this.isMarkedTransient = true;
    return this;
  }
}

/** Sends JSON with the API key; throws UploadError for every response but 2xx. */
export async function callPortal<Answer>(
  client: PortalClient,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  return readAnswer<Answer>(await send(client, path, signal, Buffer.from(JSON.stringify(body))));
}

/** Sends a GET with the API key; throws UploadError for every response but 2xx. */
export async function askPortal<Answer>(client: PortalClient, path: string, signal?: AbortSignal): Promise<Answer> {
  return readAnswer<Answer>(await send(client, path, signal));
}

/** @throws UploadError `unreachable`, a transient error, if the response is incomplete. */
async function readAnswer<Answer>(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new UploadError("unreachable", 0);
  }
}

/** Sends a POST with this JSON, or a GET without one. Errors of the connection become UploadErrors. */
async function send(client: PortalClient, path: string, signal?: AbortSignal, json?: Buffer): Promise<Response> {
  const headers = {
    authorization: `Bearer ${client.apiKey}`,
    ...(json ? { "content-type": "application/json", "content-length": String(json.length) } : {}),
  };
  const { sent, answered } = openRequest(new URL(path, client.baseUrl), {
    method: json ? "POST" : "GET",
    headers,
    signal,
  });
  sent.end(json);
  const response = await answered.catch(() => {
    signal?.throwIfAborted();
    throw new UploadError("unreachable", 0);
  });
  return accepted(response);
}

/**
 * Returns a successful response.
 * @throws UploadError with its code.
 */
export async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { code, fields } = await readRefusal(response);
  throw new UploadError(code, response.status, retryAfterMs(response.headers.get("retry-after")), fields);
}

/** The refusal of one item of a batch, with its problem details. */
export function refusalOf({ status, body, retryAfter }: BatchItem): UploadError {
  const { code, fields } = readProblem(body);
  return new UploadError(code ?? `http_${status}`, status, retryAfter ? retryAfter * 1000 : null, fields);
}

/** The portal's answer to one item of a batch. */
export type BatchItem = { status: number; body: unknown; retryAfter?: number };

/** Reads `Retry-After`, which is a number of seconds or a date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return waitMs > 0 ? waitMs : null;
}

const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** The longest `Retry-After` that is respected. */
const longestRetryAfterMs = 120_000;

/**
 * Retries transient failures with exponential back-off and full jitter, and not before the server's `Retry-After` (two
 * minutes at most). Throws the last error.
 */
export async function withRetries<Result>(
  attempts: number,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UploadError) || !error.isTransient || attempt >= attempts) throw error;
      const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt) * Math.random();
      await wait(Math.max(delay, Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs)), undefined, { signal });
    }
  }
}
