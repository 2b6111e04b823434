import { AppError } from "@/lib/core/errors";
import { jsonAnswer } from "@/lib/http/json-answer";
import { problem } from "@/lib/http/problem";
import { bodyLengthHeader } from "@/lib/http/server-options";
import { policyHeaders, proxySees } from "@/lib/http/policy-headers";
import { makeRequestId, requestContext, requestIdOf } from "@/lib/http/request-context";
import type { Operation, OperationContext } from "@/lib/operation/operation";

type RouteParams = Record<string, string | string[]>;
type RouteHandler = (request: Request, segment: { params: Promise<RouteParams> }) => Promise<Response>;

/** Runs a handler and converts every error to problem details. Every response has the request's id and the policies. */
export function handle(work: (request: Request, params: RouteParams) => Promise<Response>): RouteHandler {
  return async (request, segment) => {
    if (!proxySees(new URL(request.url).pathname)) makeRequestId(request.headers);
    const requestId = requestIdOf(request.headers);
    const answer = async () => work(request, await segment.params);
    const answered = await answer().catch((error: unknown) => problem(error, requestId));
    return announceLength(withPolicies(answered, requestId));
  };
}

/**
 * Adds the policies; a route's own policy stays. Our HTTP server has set them already (`serve-entries.ts`); a host that
 * starts Next.js without it has only these.
 */
function withPolicies(response: Response, requestId: string): Response {
  const { headers } = response;
  for (const [name, value] of Object.entries(policyHeaders(requestId)))
    if (name === "x-request-id" || !headers.has(name)) headers.set(name, value);
  return response;
}

/** Sends the content length that the response states; see `bodyLengthHeader`. */
function announceLength(response: Response): Response {
  const length = response.headers.get("content-length");
  if (length !== null) response.headers.set(bodyLengthHeader, length);
  return response;
}

/**
 * Creates a route handler for one operation.
 * @param readInput reads the operation's input from the request and the path.
 * @param respond converts its result to a response; default: JSON with status 200.
 */
export function route<Input, Result>(
  operation: Operation<Input, Result>,
  readInput: (request: Request, params: RouteParams) => Input | Promise<Input>,
  respond: (result: Result, request: Request, context: OperationContext) => Response | Promise<Response> = (result) =>
    jsonAnswer(result),
): RouteHandler {
  return handle(async (request, params) => {
    const context = await requestContext(request);
    return respond(await operation(context, await readInput(request, params)), request, context);
  });
}

const maxJsonBytes = 64 * 1024;
const maxBatchBytes = 400 * 1024;

/**
 * Reads a JSON object of at most 64 KiB. The operation checks its content.
 * @throws AppError `unsupported_media_type`, `too_large`, `invalid_json`.
 */
export function readJson<Input>(request: Request): Promise<Input> {
  return readObject<Input>(request, maxJsonBytes);
}

/** Like `readJson`, for a batch of up to 100 items: at most 400 KiB. */
export function readBatch<Input>(request: Request): Promise<Input> {
  return readObject<Input>(request, maxBatchBytes);
}

async function readObject<Input>(request: Request, maxBytes: number): Promise<Input> {
  if (!isJson(request)) throw new AppError("unsupported_media_type", "send application/json");
  return parseObject<Input>(await boundedText(request, maxBytes));
}

/**
 * Like `readJson`, for an optional body: without a JSON body it returns an empty object.
 * @throws AppError `too_large`, `invalid_json`.
 */
export async function readJsonIfAny<Input>(request: Request): Promise<Partial<Input>> {
  const text = isJson(request) ? await boundedText(request) : "";
  return text === "" ? {} : parseObject<Partial<Input>>(text);
}

const isJson = (request: Request) => /^application\/json\b/i.test(request.headers.get("content-type") ?? "");

/**
 * The text of a body, of which no more is read than it may have: one in pieces states no length.
 * @throws AppError `too_large` if it has more than `maxBytes`.
 */
export async function boundedText(request: Request, maxBytes = maxJsonBytes): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new AppError("too_large");
  const pieces: Uint8Array[] = [];
  let length = 0;
  // Not cancelled when it is too long: that would close the connection before the answer.
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader!.read()) {
    pieces.push(read.value);
    if ((length += read.value.length) > maxBytes) throw new AppError("too_large");
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

function parseObject<Input>(text: string): Input {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Handled below with all texts that are not a JSON object.
  }
  throw new AppError("invalid_json", "send a JSON object");
}
