type Options = { status?: number; headers?: Record<string, string> };

/**
 * A JSON response with a content length. Without one Next compresses even a hundred bytes, which costs more than the
 * rest of the response.
 * @param headers may set another JSON type as `content-type`.
 */
export function jsonAnswer(value: unknown, options: Options = {}): Response {
  return writtenJson(Buffer.from(JSON.stringify(value)), options);
}

/** Like `jsonAnswer`, of JSON that is written already. */
export function writtenJson(body: Buffer<ArrayBuffer>, { status = 200, headers = {} }: Options = {}): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "application/json", ...headers, "content-length": String(body.length) },
  });
}
