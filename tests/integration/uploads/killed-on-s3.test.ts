import { request } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { endDoubt } from "../../support/doubtful-dates";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import type { Fault } from "../../support/fault-schedule";
import { job } from "../../support/people";
import { call } from "../../support/portal";
import { startPortalProcess } from "../../support/start-portal-process";
import { describeS3, type TestGateway } from "../../support/test-s3";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  putContent,
  recordingRow,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { configureS3 } from "../../support/configure-s3";

/** The requests of the portal to the store at which it, or the store, is killed. */
const moments = {
  put: /recordings\/.*x-id=PutObject/,
  read: /recordings\/.*x-id=GetObject/,
  join: /recordings\/[^?]*\?uploadId=[^&]+$/,
  remove: /\?delete/,
};

await describeS3("kills in the middle of work, on S3", ({ addGateway, configOf, makeBucket }) => {
  // A given server is not killed.
  describe.runIf(addGateway)("kill -9 of", () => {
    let gateway: TestGateway;
    let proxy: FaultProxy;
    let system: PhoneSystem;
    let portal: Awaited<ReturnType<typeof startPortalProcess>>;
    let file: Audio;

    beforeAll(async () => {
      const bucket = await makeBucket("killed-portal", { versioned: true });
      gateway = await addGateway!();
      proxy = await startFaultProxy(gateway.endpoint);
      configureS3({ ...configOf(bucket), endpoint: proxy.endpoint }, { S3_ATTEMPTS: "2" });
      system = await phoneSystem();
      file = smallAudio();
    });
    afterEach(async () => {
      proxy.choose = null;
      proxy.arrived = null;
      await portal?.kill9();
    });
    afterAll(() => proxy?.close());

    async function startPortal(): Promise<string> {
      portal = await startPortalProcess();
      return portal.origin;
    }

    /** Starts a portal that is killed at this store request, which then reaches the store or not. */
    async function killedAt(moment: RegExp, fate: Fault | null = null): Promise<string> {
      const origin = await startPortal();
      proxy.choose = async (address) => {
        if (!moment.test(address)) return null;
        proxy.choose = null;
        await portal.kill9();
        return fate;
      };
      return origin;
    }

    /** Starts a portal that is killed when the last byte of its PUT has left it, or when the store has answered. */
    async function killedAfterPut(when: "sent" | "answered", fault: Fault | null): Promise<string> {
      const origin = await startPortal();
      const moment = when === "sent" ? moments.put : moments.read;
      proxy.choose = async (address) => (moments.put.test(address) ? fault : null);
      proxy.arrived = async (address) => {
        if (!moment.test(address)) return;
        proxy.arrived = null;
        proxy.choose = null;
        await portal.kill9();
      };
      return origin;
    }

    const gone = (sent: Promise<Response>) => expect(sent).rejects.toThrow("fetch failed");
    const age = (id: string, interval: string) =>
      database()
        .update(uploadTickets)
        .set({ expiresAt: sql`now() - ${interval}::interval` })
        .where(eq(uploadTickets.recordingId, id));
    const ask = async (metadata: unknown) => (await (await askTicket(system.headers, metadata)).json()) as Ticket;
    const completeAt = (origin: string, id: string) =>
      fetch(`${origin}/api/recordings/${id}/complete`, { method: "POST", headers: system.headers });

    /** A recording with its bytes in the store. */
    async function sent(changes: Record<string, unknown> = {}): Promise<string> {
      const { id, upload } = await ask(callMetadata(system.unitCode, file, changes));
      expect(
        (await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(file.bytes) }))
          .status,
      ).toBe(200);
      return id;
    }

    /**
     * Expects that the job of another portal has finished it: the correct bytes once, and nothing else under its keys.
     */
    async function finishedByTheJob(id: string, whole: Audio): Promise<void> {
      expect((await recordingRow(id)).state).toBe("pending");
      await age(id, "6 minutes");
      expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
      const { state, sha256 } = await recordingRow(id);
      expect([state, sha256!.toString("hex")]).toEqual(["stored", whole.sha256]);
      await onlyItsObjectIsThere(id);
    }

    async function onlyItsObjectIsThere(id: string): Promise<void> {
      await age(id, "61 minutes");
      expect(await reconcileUploads(job())).toMatchObject({ failed: 0 });
      const { objectKey } = await recordingRow(id);
      for (const ticket of await ticketsOf(id)) {
        const { found } = await configuredStore().proveAbsence(ticket.objectKey);
        expect(found).toMatchObject({ versions: ticket.objectKey === objectKey ? 1 : 0, unfinishedUploads: 0 });
      }
    }

    test("the portal, in the middle of a PUT through it: another portal accepts the same PUT", async () => {
      // Longer than what is sent of it: the store never gets the whole.
      const long = audio("call-03-wav-alaw-mono.wav");
      const { id } = await ask(plainMetadata(system.unitCode, long));
      const origin = await killedAt(moments.put);
      const sent = request(`${origin}/api/recordings/${id}/content`, {
        method: "PUT",
        headers: { ...system.headers, "content-length": String(long.sizeBytes) },
      });
      const failed = new Promise((resolve) => sent.once("error", resolve));
      sent.write(long.bytes.subarray(0, -1000));
      expect(await failed).toBeInstanceOf(Error);
      const received = (await ticketsOf(id)).find(({ kind }) => kind === "received")!;
      await database()
        .update(uploadTickets)
        .set({ expiresAt: sql`now() - interval '6 minutes'` })
        .where(eq(uploadTickets.id, received.id));
      expect(await reconcileUploads(job())).toMatchObject({ failed: 0 });
      expect((await eventsAbout(id)).at(-1)).toMatchObject({
        action: "recording.upload_refused",
        actorType: "job",
        details: { code: "ticket_expired" },
      });
      expect((await putContent(system.headers, id, long.bytes)).status).toBe(200);
      await onlyItsObjectIsThere(id);
    });

    const putAt = (origin: string, id: string) =>
      fetch(`${origin}/api/recordings/${id}/content`, {
        method: "PUT",
        headers: system.headers,
        body: new Uint8Array(file.bytes),
      });

    /** Waits for bytes that are still on their way when the portal dies. Returns the key. */
    async function wholeInTheStore(id: string): Promise<string> {
      const { objectKey } = (await ticketsOf(id)).find(({ kind }) => kind === "received")!;
      await vi.waitFor(
        async () => expect(await configuredStore().head(objectKey)).toMatchObject({ sizeBytes: file.sizeBytes }),
        { timeout: 20_000, interval: 100 },
      );
      return objectKey;
    }

    describe.each(["sent", "answered"] as const)(
      "the portal, when the last byte of a PUT through it arrived %s",
      (when) => {
        test("unaltered: the job completes it", async () => {
          const { id } = await ask(plainMetadata(system.unitCode, file));
          await gone(putAt(await killedAfterPut(when, null), id));
          await wholeInTheStore(id);
          await finishedByTheJob(id, file);
        });

        test("and was altered on the way to the store: rejected with an event; a new upload succeeds", async () => {
          const metadata = plainMetadata(system.unitCode, file);
          const { id } = await ask(metadata);
          await gone(putAt(await killedAfterPut(when, "flip-upload"), id));
          const objectKey = await wholeInTheStore(id);
          await database()
            .update(uploadTickets)
            .set({ expiresAt: sql`now() - interval '6 minutes'` })
            .where(eq(uploadTickets.objectKey, objectKey));
          expect(await reconcileUploads(job())).toMatchObject({ completed: 0, rejected: 1, failed: 0 });
          expect(await recordingRow(id)).toMatchObject({
            state: "rejected",
            rejectionCode: "checksum_mismatch",
            objectKey: null,
          });
          expect(await eventsAbout(id, "recording.rejected")).toMatchObject([
            { actorType: "job", details: { code: "checksum_mismatch" } },
          ]);
          expect(await configuredStore().proveAbsence(objectKey)).toMatchObject({ absent: true });
          await ask(metadata);
          expect((await putContent(system.headers, id, file.bytes)).status).toBe(200);
          expect((await recordingRow(id)).sha256!.toString("hex")).toBe(file.sha256);
          await onlyItsObjectIsThere(id);
        });
      },
    );

    test("the portal, in the middle of a completion: the job completes it", async () => {
      const id = await sent();
      await gone(completeAt(await killedAt(moments.read), id));
      await finishedByTheJob(id, file);
    });

    test.each<[string, Fault | null]>([
      ["joined the parts", null],
      ["did not hear of it", "reset-before"],
    ])("the portal, when it joined parts and the store %s: the job completes it", async (_what, fate) => {
      const long = audioOf(
        "long.wav",
        Buffer.concat([audio("call-03-wav-alaw-mono.wav").bytes, Buffer.alloc(16 * 1024 ** 2, 0xd5)]),
        "audio/wav",
      );
      const { id } = await ask(callMetadata(system.unitCode, long, { multipart: true }));
      for (const [index, bytes] of [
        long.bytes.subarray(0, 16 * 1024 ** 2),
        long.bytes.subarray(16 * 1024 ** 2),
      ].entries()) {
        const json = { partNumber: index + 1, sizeBytes: bytes.length, sha256: audioOf("part", bytes).sha256 };
        const { upload } = (await (
          await call("POST", `/api/recordings/${id}/parts`, { headers: system.headers, json })
        ).json()) as Ticket;
        expect(
          (await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(bytes) })).status,
        ).toBe(200);
      }
      await gone(completeAt(await killedAt(moments.join, fate), id));
      await finishedByTheJob(id, long);
    });

    test("the portal, in the middle of a deletion: the next run finishes it, with one event", async () => {
      const id = await sent({ startedAt: new Date(Date.now() - 200 * 24 * 3_600_000).toISOString() });
      expect((await complete(system.headers, id)).status).toBe(200);
      // A deletion waits until the upload links have expired.
      await age(id, "61 minutes");
      await endDoubt(id);
      const { objectKey } = await recordingRow(id);
      const origin = await killedAt(moments.remove);
      await gone(fetch(`${origin}/api/cron/retention`, { headers: { authorization: `Bearer ${env().CRON_SECRET}` } }));
      expect((await recordingRow(id)).state).toBe("deleting");
      await runRetention(job("retention"), { stores: configuredStores(), signal: AbortSignal.timeout(30_000) });
      expect((await recordingRow(id)).state).toBe("deleted");
      expect(await eventsAbout(id, "recording.deleted")).toHaveLength(1);
      expect(await configuredStore().proveAbsence(objectKey!)).toMatchObject({ absent: true });
    });

    test("the store, in the middle of a PUT through the portal: no partial object; a retry succeeds", async () => {
      // More than the portal reads before it begins to send.
      const long = audio("call-03-wav-alaw-mono.wav");
      const { id } = await ask(plainMetadata(system.unitCode, long));
      const dead = Promise.withResolvers<void>();
      const pieces = [long.bytes.subarray(0, -1000), long.bytes.subarray(-1000)];
      let isKilled = false;
      const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        if (pieces.length === 1) await dead.promise;
        const piece = pieces.shift();
        if (piece) controller.enqueue(new Uint8Array(piece));
        else controller.close();
      };
      proxy.choose = async (address) => {
        if (!moments.put.test(address)) return null;
        await gateway.kill9();
        isKilled = true;
        dead.resolve();
        return null;
      };
      const headers = { ...system.headers, "content-length": String(long.sizeBytes) };
      const refused = await call("PUT", `/api/recordings/${id}/content`, {
        headers,
        body: new ReadableStream({ pull }),
      });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, "store_unavailable"]);
      expect((await eventsAbout(id)).at(-1)).toMatchObject({
        action: "recording.upload_refused",
        details: { code: "store_unavailable" },
      });
      expect(isKilled).toBe(true);
      proxy.choose = null;
      await gateway.start();
      expect((await putContent(system.headers, id, long.bytes)).status).toBe(200);
      await onlyItsObjectIsThere(id);
    });
  });
});
