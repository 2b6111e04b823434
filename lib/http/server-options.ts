import { subscribe } from "node:diagnostics_channel";
import type { Server, ServerResponse } from "node:http";

/** A ticket lives for 15 minutes, and an upload over a slow line may take all of them. Node's default is 5 minutes. */
const longestRequestMs = 20 * 60_000;

/**
 * Who sends on a kept connection at the moment when the other side closes it gets ECONNRESET, and cannot know whether
 * to repeat the request. So proxies are to give up idle connections first: nginx, HAProxy and the load balancers of AWS
 * do so after 60 seconds. Node's default is 5 seconds.
 */
const keepAliveMs = 75_000;

/**
 * Next removes Content-Length from route handler responses, because it cannot know whether a body was decoded. The
 * playback gateway and the disk store know the length: they set this header, which is sent as Content-Length. Without
 * it, downloads have no size and HEAD is useless.
 */
export const bodyLengthHeader = "x-body-length";

/** Sets options of Next's HTTP server in this process for which Next has no setting. */
export function tuneServer(): void {
  subscribe("http.server.request.start", (message) => {
    const { server, response } = message as { server: Server; response: ServerResponse };
    server.requestTimeout = longestRequestMs;
    server.keepAliveTimeout = Math.max(server.keepAliveTimeout, keepAliveMs);
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      if (name.toLowerCase() !== bodyLengthHeader) return setHeader(name, value);
      return setHeader("content-length", String(value));
    };
  });
}
