import { randomBytes } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sendFile } from "@/scripts/recordings/send-file";

const bytes = randomBytes(3_000_000);
let folder: string;
let file: string;
let server: Server;
let answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-send-"));
  server = createServer((incoming, outgoing) => answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(async () => {
  file = path.join(folder, "call.wav");
  await writeFile(file, bytes);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const send = (range = { start: 0, endInclusive: bytes.length - 1 }, signal?: AbortSignal) =>
  sendFile(
    {
      method: "PUT",
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/key`,
      headers: { "content-type": "audio/wav" },
    },
    file,
    range,
    signal,
  );

test.each([
  ["a file", 0, bytes.length],
  ["a range of it", 524_280, 1_048_600],
  ["its last byte", bytes.length - 1, bytes.length],
])("sends %s, whole and in order, with its length", async (_what, start, end) => {
  let received: Buffer | undefined;
  answer = async (incoming, outgoing) => {
    expect(incoming.headers).toMatchObject({ "content-length": String(end - start), "content-type": "audio/wav" });
    received = await buffer(incoming);
    outgoing.setHeader("etag", '"of-it"').end();
  };
  expect(await send({ start, endInclusive: end - 1 })).toBe('"of-it"');
  expect(received!.equals(bytes.subarray(start, end))).toBe(true);
});

test("reports a refusal that arrives early with its own code, and stops sending", async () => {
  answer = (incoming, outgoing) => {
    incoming.pause();
    outgoing
      .writeHead(403, { "retry-after": "7", "content-type": "application/problem+json" })
      .end(JSON.stringify({ code: "expired" }));
  };
  await expect(send()).rejects.toMatchObject({ code: "expired", status: 403, retryAfterMs: 7_000 });
});

test.each<[string, typeof answer]>([
  ["goes away in the middle", (incoming) => void incoming.once("data", () => incoming.socket.destroy())],
  ["goes away instead of answering", (incoming) => void incoming.resume().once("end", () => incoming.socket.destroy())],
  [
    "breaks off its answer",
    (incoming, outgoing) =>
      void incoming
        .resume()
        .once("end", () =>
          outgoing.writeHead(200, { "content-length": "10" }).write("half", () => incoming.socket.destroy()),
        ),
  ],
])("reports a server that %s as unreachable, to be retried", async (_what, misbehave) => {
  answer = misbehave;
  await expect(send()).rejects.toMatchObject({ code: "unreachable", isTransient: true });
});

test("reports a file that became shorter without waiting", async () => {
  answer = (incoming) => void incoming.resume();
  await truncate(file, 1_000_000);
  await expect(send()).rejects.toMatchObject({ code: "file_changed", isTransient: false });
});

test("reports a missing file as such, not as a network failure", async () => {
  await rm(file);
  await expect(send()).rejects.toMatchObject({ code: "ENOENT" });
});

test("stops at the signal", async () => {
  const stop = new AbortController();
  answer = (incoming) => void incoming.once("data", () => stop.abort());
  await expect(send(undefined, stop.signal)).rejects.toMatchObject({ name: "AbortError" });
});
