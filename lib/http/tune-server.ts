import { subscribe } from "node:diagnostics_channel";
import type { Server, ServerResponse } from "node:http";

/** A ticket lives for 15 minutes: an upload over a slow line may take all of them. Node's own limit is 5. */
const longestRequestMs = 20 * 60_000;

/**
 * Next drops Content-Length from what a route handler answers, since it cannot know whether a body was decoded on
 * the way. The gateway and the disk store know: they say the length under this name, and it goes out under its own.
 * Without it downloads have no size and HEAD says nothing.
 */
export const bodyLengthHeader = "x-body-length";

/** Sets what Next gives no setting for, on the HTTP server that Next made in this process. */
export function tuneServer(): void {
  subscribe("http.server.request.start", (message) => {
    const { server, response } = message as { server: Server; response: ServerResponse };
    server.requestTimeout = longestRequestMs;
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      if (name.toLowerCase() !== bodyLengthHeader) return setHeader(name, value);
      return setHeader("content-length", String(value));
    };
  });
}
