import { createHash, randomBytes, randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { request, type ClientRequest } from "node:http";
import { beforeAll, describe, expect, it } from "vitest";
import type { SignedUpload } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeS3, type TestGateway } from "../../support/test-s3";
import { collectStream } from "../../support/collect-stream";
import { waitUntil } from "../../support/wait-until";

/** The head, and half of the body, of an upload that never ends by itself. The server has begun to read it. */
async function sendHalf(ticket: SignedUpload, bytes: Buffer): Promise<{ failed: Promise<Error> }> {
  const sent = request(ticket.url, {
    method: "PUT",
    headers: { ...ticket.headers, "content-length": String(bytes.length), expect: "100-continue" },
  });
  const failed = new Promise<Error>((resolve) => sent.once("error", resolve));
  await once(sent, "continue");
  await new Promise<void>((resolve) => sent.write(bytes.subarray(0, bytes.length / 2), () => resolve()));
  return { failed };
}

await describeS3("an S3 server that is killed", ({ addGateway, configOf, makeBucket }) => {
  // A given server is not killed.
  describe.runIf(addGateway)("in the middle of", () => {
    let gateway: TestGateway;
    let store: ObjectStore;
    const bytes = randomBytes(8_000_000);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const whole = { start: 0, endInclusive: bytes.length - 1 };
    const freshKey = () => `killed/${randomUUID()}`;

    beforeAll(async () => {
      const bucket = await makeBucket("killed", { versioned: true });
      gateway = await addGateway!();
      store = createObjectStore({ ...configOf(bucket), endpoint: gateway.endpoint });
    });

    it("an upload by link shows no partial object, and the same link works afterwards", async () => {
      const key = freshKey();
      const ticket = await store.signUpload({
        key,
        contentType: "audio/wav",
        sizeBytes: bytes.length,
        sha256,
        expiresInSeconds: 300,
      });
      const { failed } = await sendHalf(ticket, bytes);
      await gateway.kill9();
      expect(await failed).toBeInstanceOf(Error);
      await gateway.start();
      expect(await store.head(key)).toBeNull();
      expect(await store.proveAbsence(key)).toMatchObject({ absent: true });
      expect((await fetch(ticket.url, { method: "PUT", headers: ticket.headers, body: bytes })).status).toBe(200);
      expect((await collectStream((await store.readRange(key, whole)).stream)).equals(bytes)).toBe(true);
    });

    it("writes by the portal leaves each complete or absent, and they can be repeated", async () => {
      const keys = Array.from({ length: 4 }, freshKey);
      const write = (key: string) => store.put(key, bytes, { contentType: "audio/wav", sha256, ifNoneMatch: null });
      const requests: ClientRequest[] = [];
      const onRequest = (message: unknown) => void requests.push((message as { request: ClientRequest }).request);
      subscribe("http.client.request.start", onRequest);
      const writes = Promise.allSettled(keys.map(write));
      const areSent = () => requests.length >= keys.length && requests.every(({ socket }) => socket?.bytesWritten);
      await waitUntil("all writes are on their way", areSent, { intervalMs: 1 });
      unsubscribe("http.client.request.start", onRequest);
      await gateway.kill9();
      await gateway.start();
      const outcomes = await writes;
      for (const [index, key] of keys.entries()) {
        const facts = await store.head(key);
        if (outcomes[index]!.status === "fulfilled") expect(facts).not.toBeNull();
        else await write(key);
        expect((await collectStream((await store.readRange(key, whole)).stream)).equals(bytes)).toBe(true);
        if (facts) expect(facts.sizeBytes).toBe(bytes.length);
      }
    });

    it("a read makes it fail instead of ending early, and the same read succeeds later", async () => {
      const key = freshKey();
      // More than the buffers of both sides hold: those bytes arrive even after the kill.
      const long = Buffer.concat(Array.from({ length: 6 }, () => bytes));
      const longWhole = { start: 0, endInclusive: long.length - 1 };
      await store.put(key, long, { contentType: "audio/wav", ifNoneMatch: "*" });
      const { stream } = await store.readRange(key, longWhole);
      const reader = stream.getReader();
      let seen = (await reader.read()).value!.length;
      await gateway.kill9();
      await expect(
        (async () => {
          for (let piece = await reader.read(); !piece.done; piece = await reader.read()) seen += piece.value.length;
        })(),
      ).rejects.toMatchObject({ name: "StoreError", retryable: true });
      expect(seen).toBeLessThan(long.length);
      await expect(store.head(key)).rejects.toMatchObject({ retryable: true });
      await gateway.start();
      expect((await collectStream((await store.readRange(key, longWhole)).stream)).equals(long)).toBe(true);
    });

    it("a deletion never makes it count as done, and it can be continued", async () => {
      const key = freshKey();
      for (let version = 0; version < 3; version += 1)
        await store.put(key, Buffer.from(`${version}`), { contentType: "audio/wav", ifNoneMatch: null });
      await gateway.kill9();
      await expect(store.deleteAllVersions(key)).rejects.toMatchObject({ retryable: true });
      await expect(store.proveAbsence(key)).rejects.toMatchObject({ retryable: true });
      await gateway.start();
      expect(await store.proveAbsence(key)).toMatchObject({ absent: false, found: { versions: 3 } });
      expect(await store.deleteAllVersions(key)).toMatchObject({ versionsDeleted: 3 });
      expect(await store.proveAbsence(key)).toMatchObject({ absent: true });
    });
  });
});
