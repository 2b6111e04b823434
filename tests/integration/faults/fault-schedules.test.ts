import { eq } from "drizzle-orm";
import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { endDoubt } from "../../support/doubtful-dates";
import { audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { faults, faultSchedule, randomFrom, type Fault } from "../../support/fault-schedule";
import { job } from "../../support/people";
import { isRepeated, seedBatches } from "../../support/seeds";
import { describeS3 } from "../../support/test-s3";
import { askTicket, callMetadata, complete, eventsAbout, recordingRow, type Ticket } from "../../support/uploads";
import { openFaultyStore, untilDone, type FaultyStore, type SeededUpload } from "./faulty-store";

const schedulesInBatch = 25;
const atOnce = 8;
const senderTimeoutMs = 600;
const dayMs = 24 * 3_600_000;

const calls = newId();
const isDue = ({ seed }: { seed: number }) => seed % 2 === 0;

await describeS3("faults between the portal and the store", (s3) => {
  let faulty: FaultyStore;
  /** The contents of the two recordings of each call. */
  let files: Audio[];

  beforeAll(async () => {
    faulty = await openFaultyStore(s3, "faults", { idleTimeoutMs: 300 });
    const { name, bytes, contentType } = smallAudio();
    files = [smallAudio(), audioOf(name, Buffer.concat([bytes, Buffer.alloc(64)]), contentType)];
  });
  afterAll(() => faulty?.proxy.close());

  /** A typical sender: it retries a few times, completes, and sometimes stops before that. */
  async function upload(seed: number, schedules: Map<string, () => Fault | null>): Promise<SeededUpload> {
    const { headers: own, unitCode } = faulty.system;
    const random = randomFrom(seed + 1_000_003);
    const startedAt = new Date(Date.now() - (isDue({ seed }) ? 200 : 2) * dayMs).toISOString();
    const file = files[seed % 2]!;
    // Of two recordings of one call, one is due.
    const call = { startedAt, sourceCallId: `${calls}-${Math.floor(seed / 2)}` };
    const { id, upload: signed } = (await (await askTicket(own, callMetadata(unitCode, file, call))).json()) as Ticket;
    schedules.set(id, faultSchedule(seed));
    const { url, headers } = signed!;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const sent = await fetch(url, {
        method: "PUT",
        headers,
        body: new Uint8Array(file.bytes),
        signal: AbortSignal.timeout(senderTimeoutMs),
      }).catch(() => undefined);
      await sent?.arrayBuffer().catch(() => undefined);
      if (sent?.ok) break;
    }
    for (let attempt = random() < 0.1 ? 2 : 0; attempt < 2; attempt += 1)
      if ((await complete(own, id)).status < 500) break;
    return { seed, id, sha256: file.sha256 };
  }

  async function deletedOrKept(one: SeededUpload): Promise<void> {
    const { state } = await recordingRow(one.id);
    const deleted = await eventsAbout(one.id, "recording.deleted");
    expect([one.seed, state, deleted.length]).toEqual([
      one.seed,
      state === "rejected" ? "rejected" : isDue(one) ? "deleted" : "stored",
      state === "deleted" ? 1 : 0,
    ]);
  }

  test.each(seedBatches(225, schedulesInBatch))(`schedules %i and ${schedulesInBatch - 1} more`, async (seed) => {
    const schedules = new Map<string, () => Fault | null>();
    const choose = faulty.faultsOf(schedules, seed);
    const limit = pLimit(atOnce);

    faulty.proxy.choose = choose;
    const uploads = await Promise.all(
      Array.from({ length: schedulesInBatch }, (_, index) => limit(() => upload(seed + index, schedules))),
    );
    await faulty.reconcileAll(uploads);
    // The stored objects are correct even if a reading was altered: only what never arrived is rejected.
    await Promise.all(uploads.map((one) => limit(() => faulty.storedOrSaid(one, ["ticket_expired"]))));
    await faulty.everyObjectHasItsRow();

    await endDoubt();
    faulty.proxy.choose = choose;
    await runRetention(job("retention"), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
    faulty.proxy.choose = null;
    await untilDone(async () => {
      await database().update(recordings).set({ deletionRetryAt: null }).where(eq(recordings.state, "deleting"));
      const { failed, remaining } = await runRetention(job("retention"), {
        stores: configuredStores(),
        signal: AbortSignal.timeout(20_000),
      });
      return failed + remaining;
    });
    await Promise.all(uploads.map((one) => limit(() => deletedOrKept(one))));
    await faulty.everyObjectHasItsRow();
  });

  test("every kind of fault occurred", () => {
    if (!isRepeated) expect([...faulty.proxy.happened.keys()].sort()).toEqual([...faults].sort());
  });
});
