import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Fault } from "./fault-schedule";
import { simulatedDelay } from "./wait-until";

export interface FaultProxy {
  endpoint: string;
  /** Called before each request is forwarded; null means no faults. */
  choose: ((address: string) => Promise<Fault | null>) | null;
  /** Called for each request once its last byte has arrived, before it is forwarded. */
  arrived: ((address: string) => Promise<void>) | null;
  /** Called for each request that was forwarded without `choose` and `arrived`, before its answer is passed on. */
  answered: ((method: string, address: string) => Promise<void>) | null;
  /** Delay between two drops of a `drip`, in milliseconds. */
  dripMs: number;
  /** How often each fault happened. */
  readonly happened: Map<Fault, number>;
  close(): Promise<void>;
}

type Answer = { status: number; headers: string[]; body: Buffer };

/**
 * Forwards a request unchanged, including the Host header, which the signature covers. `half`: disconnects in the
 * middle of the body.
 */
function forward(target: URL, incoming: IncomingMessage, body: Buffer, half = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.rawHeaders,
        agent: false,
      },
      (answer) => {
        buffer(answer).then(
          (content) => resolve({ status: answer.statusCode!, headers: answer.rawHeaders, body: content }),
          reject,
        );
      },
    );
    outgoing.on("error", reject);
    if (!half) return void outgoing.end(body);
    outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy(new Error("cut")));
  });
}

/** Changes a different byte each time, so that no two reads are damaged alike. */
function flipped(body: Buffer, time: number): Buffer {
  const other = Buffer.from(body);
  if (other.length > 0) other[(time * 7919) % other.length]! ^= 1;
  return other;
}

const failure = (status: number, code: string): Answer => ({
  status,
  headers: ["content-type", "application/xml"],
  body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`),
});

/** Forwards without faults, chunk by chunk, in both directions. */
function passOn(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answered: FaultProxy["answered"],
): void {
  const { method, url: path, rawHeaders: headers } = incoming;
  const passBack = (answer: IncomingMessage) => {
    // The client may be gone.
    if (outgoing.destroyed) return void answer.destroy();
    outgoing.writeHead(answer.statusCode!, answer.rawHeaders);
    pipeline(answer, outgoing, () => undefined);
  };
  const forwarded = request(
    { host: target.hostname, port: target.port, method, path, headers, agent: false },
    (answer) => {
      if (!answered) return passBack(answer);
      answered(method!, decodeURIComponent(path!)).then(
        () => passBack(answer),
        () => outgoing.destroy(),
      );
    },
  );
  forwarded.on("error", () => outgoing.destroy());
  if (incoming.destroyed) return void forwarded.destroy();
  pipeline(incoming, forwarded, () => undefined);
}

/** Only object bodies are changed in transit; lists and errors are unchanged or missing. */
const readsObject = ({ method, headers }: IncomingMessage) => method === "GET" && headers.range !== undefined;

/** An HTTP proxy in front of a store that injects the faults that `choose` returns. */
export async function startFaultProxy(address: string): Promise<FaultProxy> {
  const target = new URL(address);
  const happened = new Map<Fault, number>();

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requested = decodeURIComponent(incoming.url!);
    const fault = (await proxy.choose?.(requested)) ?? null;
    if (!fault && !proxy.arrived) return passOn(target, incoming, outgoing, proxy.answered);
    const time = fault ? (happened.get(fault) ?? 0) + 1 : 0;
    if (fault) happened.set(fault, time);
    const body = await buffer(incoming);
    await proxy.arrived?.(requested);
    if (fault === "hang") return;
    if (fault === "reset-before") return void incoming.socket.destroy();
    if (fault === "reset-middle") {
      await forward(target, incoming, body, body.length > 1).catch(() => undefined);
      return void incoming.socket.destroy();
    }
    if (fault === "error") return send(outgoing, failure(500, "InternalError"));
    if (fault === "stalled") return send(outgoing, failure(400, "RequestTimeout"));
    if (fault === "link-expired") return send(outgoing, failure(403, "AccessDenied"));
    if (fault === "slow-down") return send(outgoing, failure(503, "SlowDown"));
    const answer = await forward(
      target,
      incoming,
      fault === "flip-upload" && incoming.method === "PUT" ? flipped(body, time) : body,
    );
    if (fault === "lost") return send(outgoing, failure(500, "InternalError"));
    if (fault === "reset-after") return void incoming.socket.destroy();
    if (fault === "flip-answer" && readsObject(incoming))
      return send(outgoing, { ...answer, body: flipped(answer.body, time) });
    if (fault === "truncated") return cutShort(outgoing, answer);
    if (fault === "drip") return drip(outgoing, answer, proxy.dripMs);
    send(outgoing, answer);
  }

  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    choose: null,
    arrived: null,
    answered: null,
    dripMs: 3,
    happened,
    close,
  };
  return proxy;
}

const send = (outgoing: ServerResponse, { status, headers, body }: Answer) =>
  void outgoing.writeHead(status, headers).end(body);

function cutShort(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, headers);
  outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
}

async function drip(outgoing: ServerResponse, { status, headers, body }: Answer, dripMs: number): Promise<void> {
  outgoing.writeHead(status, headers);
  const step = Math.max(1, Math.ceil(body.length / 8));
  for (let at = 0; at < body.length; at += step) {
    outgoing.write(body.subarray(at, at + step));
    await simulatedDelay(dripMs);
  }
  outgoing.end();
}
