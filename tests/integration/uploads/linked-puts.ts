import { request } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { dataKeys, uploadTickets } from "@/lib/db/schema";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { configuredStore } from "@/lib/storage/configured-store";
import { audio } from "../../support/audio-fixtures";
import type { FaultProxy } from "../../support/fault-proxy";
import { job, signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { startPortalProcess } from "../../support/start-portal-process";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  sendBytes,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { describeRacedUploads } from "./raced-uploads";

/**
 * Portal links over a store that allows replacing objects: a stored recording stays unchanged.
 * @param configure makes the store that of the portal, behind a proxy, and returns how to close it. Called before
 * anything reads the environment.
 */
export function describeLinkedPuts(
  name: string,
  configure: () => Promise<{ proxy: FaultProxy; close: () => Promise<void> }>,
): void {
  describe(`a PUT on a portal link: ${name}`, () => {
    // Half of it is more than one sealed chunk, so that some of it reaches the store.
    const file = audio("call-03-wav-alaw-mono.wav");
    let system: PhoneSystem;
    let dpo: SignedIn;
    let server: PortalServer;
    let behind: Awaited<ReturnType<typeof configure>>;

    beforeAll(async () => {
      behind = await configure();
      server = await startPortalServer();
      system = await phoneSystem();
      dpo = await signedInAs("dpo");
    });
    afterAll(async () => {
      await server?.close();
      await behind?.close();
    });

    const ask = async (metadata: unknown = callMetadata(system.unitCode, file)) =>
      (await (await askTicket(system.headers, metadata)).json()) as Ticket;
    const received = async (id: string) => (await ticketsOf(id)).filter(({ kind }) => kind === "received");
    const age = (id: string, interval: string) =>
      database()
        .update(uploadTickets)
        .set({ expiresAt: sql`now() - ${interval}::interval` })
        .where(eq(uploadTickets.recordingId, id));
    const plays = async (id: string) =>
      (await bytesOf(await listen(dpo.cookie, (await grantOf(dpo, id)).url))).equals(file.bytes);

    /** A PUT whose first half has reached the portal; `end` sends the second half. */
    async function slowPut({ id, upload }: Ticket, origin = server.origin) {
      const { pathname, search } = new URL(upload!.url);
      const before = (await received(id)).length;
      const sent = request(`${origin}${pathname}${search}`, {
        method: "PUT",
        headers: { ...upload!.headers, "content-length": String(file.sizeBytes) },
      });
      const answered = new Promise<number>((resolve, reject) =>
        sent.once("response", (answer) => (answer.resume(), resolve(answer.statusCode!))).once("error", reject),
      );
      answered.catch(() => undefined);
      const half = Math.floor(file.sizeBytes / 2);
      sent.write(file.bytes.subarray(0, half));
      await vi.waitFor(async () => expect(await received(id)).toHaveLength(before + 1), {
        timeout: 20_000,
        interval: 20,
      });
      return { sent, answered, end: () => (sent.end(file.bytes.subarray(half)), answered) };
    }

    /** Expects the verified object in the store, and nothing else under any key of the recording. */
    async function onlyCustodyIsThere(id: string): Promise<void> {
      await age(id, "61 minutes");
      expect(await reconcileUploads(job())).toMatchObject({ failed: 0 });
      const { objectKey, objectEtag } = await recordingRow(id);
      const tickets = await ticketsOf(id);
      for (const ticket of tickets)
        expect(await configuredStore().head(ticket.objectKey)).toEqual(
          ticket.objectKey === objectKey ? expect.objectContaining({ etag: objectEtag }) : null,
        );
      const keys = await Promise.all(
        tickets.map((ticket) => database().$count(dataKeys, eq(dataKeys.objectKey, ticket.objectKey))),
      );
      expect(keys.reduce((sum, count) => sum + count)).toBe(1);
      expect(await plays(id)).toBe(true);
    }

    describeRacedUploads("links that the portal answers", {
      system: () => system,
      send: async (ticket, { bytes }) => {
        const sent = await sendBytes(ticket, bytes);
        if (!sent.ok) throw new Error(String(sent.status));
      },
    });

    test("that ends after the completion changes nothing in custody", async () => {
      const ticket = await ask();
      const slow = await slowPut(ticket);
      expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
      expect((await complete(system.headers, ticket.id)).status).toBe(200);
      const stored = await recordingRow(ticket.id);
      expect(await slow.end()).toBe(412);
      expect(await configuredStore().head(stored.objectKey!)).toMatchObject({ etag: stored.objectEtag });
      expect(await plays(ticket.id)).toBe(true);
      expect((await ticketsOf(ticket.id)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
        ["single", "completed"],
        ["received", "superseded"],
        ["received", "completed"],
      ]);
      expect(await eventsAbout(ticket.id, "recording.upload_refused")).toMatchObject([
        { outcome: "denied", actorType: "anonymous", details: { code: "already_exists" } },
      ]);
      await onlyCustodyIsThere(ticket.id);
    });

    test("counts exactly once of several at once", async () => {
      const ticket = await ask();
      const slow = [await slowPut(ticket), await slowPut(ticket), await slowPut(ticket)];
      expect((await Promise.all(slow.map(({ end }) => end()))).toSorted()).toEqual([200, 412, 412]);
      expect((await complete(system.headers, ticket.id)).status).toBe(200);
      await onlyCustodyIsThere(ticket.id);
    });

    test("counts when it is completed before it is answered", async () => {
      const ticket = await ask();
      let completed: Promise<Response> | undefined;
      // The store has the object, and the portal waits for its answer.
      behind.proxy.answered = async (method, address) => {
        const [sent] = await received(ticket.id);
        if (completed || !sent || method === "GET" || method === "HEAD" || !address.includes(sent.objectKey)) return;
        completed = complete(system.headers, ticket.id);
        await completed;
      };
      expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
      behind.proxy.answered = null;
      expect((await completed)?.status).toBe(200);
      await onlyCustodyIsThere(ticket.id);
    });

    test("that breaks off leaves the link usable", async () => {
      const ticket = await ask();
      const broken = await slowPut(ticket);
      broken.sent.destroy();
      await vi.waitFor(async () => expect(await received(ticket.id)).toMatchObject([{ outcome: "superseded" }]), {
        timeout: 20_000,
        interval: 20,
      });
      expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
      expect((await complete(system.headers, ticket.id)).status).toBe(200);
      await onlyCustodyIsThere(ticket.id);
    });

    test("whose portal was killed leaves the link usable; its object is swept", async () => {
      const killed = await startPortalProcess();
      const ticket = await ask();
      const broken = await slowPut(ticket, killed.origin);
      await killed.kill9();
      await expect(broken.answered).rejects.toThrow();
      expect(await received(ticket.id)).toMatchObject([{ closedAt: null }]);
      expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
      expect((await complete(system.headers, ticket.id)).status).toBe(200);
      await onlyCustodyIsThere(ticket.id);
    });

    test("that was never completed is completed by the job", async () => {
      const ticket = await ask();
      expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
      await age(ticket.id, "6 minutes");
      expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
      expect((await recordingRow(ticket.id)).state).toBe("stored");
      await onlyCustodyIsThere(ticket.id);
    });

    test("on a used or superseded link is refused before a byte is stored", async () => {
      const metadata = callMetadata(system.unitCode, file);
      const first = await ask(metadata);
      const second = await ask(metadata);
      expect(await problemOf(await sendBytes(first, file.bytes))).toMatchObject(refusal(410, "expired"));
      expect(await received(first.id)).toEqual([]);
      expect((await sendBytes(second, file.bytes)).status).toBe(200);
      expect(await problemOf(await sendBytes(second, file.bytes))).toMatchObject(refusal(412, "already_exists"));
      expect(await received(first.id)).toHaveLength(1);
      expect((await complete(system.headers, first.id)).status).toBe(200);
      expect(await problemOf(await sendBytes(second, file.bytes))).toMatchObject(refusal(412, "already_exists"));
      await onlyCustodyIsThere(first.id);
    });

    test("of other bytes is refused, at most sixteen times; then a new ticket is needed", async () => {
      const metadata = callMetadata(system.unitCode, file);
      const ticket = await ask(metadata);
      const wrong = Buffer.from(file.bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
      const refused = await Promise.all(
        Array.from({ length: 16 }, async () => problemOf(await sendBytes(ticket, wrong))),
      );
      for (const answer of refused) expect(answer).toMatchObject(refusal(422, "checksum_mismatch"));
      expect(await problemOf(await sendBytes(ticket, file.bytes))).toMatchObject(refusal(410, "expired"));
      const fresh = await ask(metadata);
      expect((await sendBytes(fresh, file.bytes)).status).toBe(200);
      expect((await complete(system.headers, fresh.id)).status).toBe(200);
      await onlyCustodyIsThere(fresh.id);
    });
  });
}
