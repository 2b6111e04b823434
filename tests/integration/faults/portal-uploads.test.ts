import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { faults, faultSchedule, randomFrom, type Fault } from "../../support/fault-schedule";
import { call } from "../../support/portal";
import { isRepeated, seedBatches } from "../../support/seeds";
import { describeS3 } from "../../support/test-s3";
import {
  askTicket,
  callMetadata,
  complete,
  contentDigest,
  plainMetadata,
  putContent,
  recordingsOfCall,
  type Ticket,
} from "../../support/uploads";
import { openFaultyStore, type FaultyStore, type SeededUpload } from "./faulty-store";

type PartsTicket = { id: string; upload: { kind: string; partSizeBytes: number; partCount: number } | null };
type SignedPart = { upload: { url: string; headers: Record<string, string> } };
type Sender = (seed: number, schedules: Map<string, () => Fault | null>) => Promise<SeededUpload>;

const schedules = 24;
const schedulesInBatch = schedules / 2;
const atOnce = 8;
const mebibyte = 1024 ** 2;

/** Faults between a sender and the portal. */
const mishaps = ["cut", "short", "altered", "none", "none", "none"] as const;

await describeS3("faults during uploads through the portal or in parts", (s3) => {
  let faulty: FaultyStore;
  let small: Audio;
  let long: Audio;

  beforeAll(async () => {
    faulty = await openFaultyStore(s3, "faults-portal", { idleTimeoutMs: 800 });
    small = smallAudio();
    // One byte more than a part: two parts, of which the second is small.
    long = audioOf(
      "long.wav",
      Buffer.concat([audio("call-03-wav-alaw-mono.wav").bytes, Buffer.alloc(16 * mebibyte, 0xd5)]),
      "audio/wav",
    );
  });
  afterAll(() => faulty?.proxy.close());

  /** One PUT through the portal, with or without a fault; only a digest reveals altered bytes. */
  function put(
    id: string,
    mishap: (typeof mishaps)[number],
    hasDigest: boolean,
    { bytes, sizeBytes }: Audio = small,
  ): Promise<Response> {
    const { headers } = faulty.system;
    const digest: Record<string, string> =
      hasDigest || mishap === "altered" ? { "content-digest": contentDigest(bytes) } : {};
    const whole = { ...digest, "content-length": String(sizeBytes) };
    if (mishap === "short") return putContent(headers, id, bytes.subarray(9), whole);
    if (mishap === "altered") return putContent(headers, id, Buffer.from(bytes).fill(0, 5_000, 5_010), whole);
    if (mishap === "none") return putContent(headers, id, bytes, whole);
    const pieces = [bytes.subarray(0, 40_000)];
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        pieces.length > 0
          ? controller.enqueue(new Uint8Array(pieces.pop()!))
          : controller.error(new Error("the line broke")),
    });
    return call("PUT", `/api/recordings/${id}/content`, { headers: { ...headers, ...whole }, body });
  }

  const throughThePortal: Sender = async (seed, schedules) => {
    const random = randomFrom(seed + 2_000_003);
    const { id } = (await (
      await askTicket(faulty.system.headers, plainMetadata(faulty.system.unitCode, small))
    ).json()) as Ticket;
    schedules.set(id, faultSchedule(seed));
    const attempts = random() < 0.1 ? 1 : 4;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const { status } = await put(id, mishaps[Math.floor(random() * mishaps.length)]!, random() < 0.5);
      if (status === 200 || status === 410) break;
    }
    return { seed, id, sha256: small.sha256 };
  };

  /** Sends one of two recordings of a call, of which the sender can tell neither hash nor id. */
  async function oneOfTwo(seed: number, schedules: Map<string, () => Fault | null>, file: Audio, callId: string) {
    const random = randomFrom(seed + 4_000_003);
    const metadata = plainMetadata(faulty.system.unitCode, file, { sourceCallId: callId });
    const asked = (await (await askTicket(faulty.system.headers, metadata)).json()) as Ticket;
    if (!schedules.has(asked.id)) schedules.set(asked.id, faultSchedule(seed));
    let answered: string | null = null;
    for (let attempt = 0; attempt < 10 && answered === null; attempt += 1) {
      const sent = await put(asked.id, mishaps[Math.floor(random() * mishaps.length)]!, random() < 0.5, file);
      const { id } = (await sent.json()) as { id: string };
      if (sent.status === 200) answered = id;
      if (sent.status === 410) break;
    }
    return { seed, callId, file, asked: asked.id, answered };
  }

  /** What was answered `stored` is stored under that id; each content of the call is stored once at most. */
  async function keptOnce({ seed, callId, file, answered }: Awaited<ReturnType<typeof oneOfTwo>>) {
    const stored = (await recordingsOfCall(callId)).filter(({ state }) => state === "stored");
    const own = stored.filter(({ sha256 }) => sha256!.toString("hex") === file.sha256);
    expect([seed, own.length <= 1, stored.length <= 2]).toEqual([seed, true, true]);
    if (answered !== null) expect([seed, own.map(({ id }) => id)]).toEqual([seed, [answered]]);
    for (const { id } of own) await faulty.storedOrSaid({ seed, id, sha256: file.sha256 }, []);
  }

  async function sendPart(id: string, partNumber: number, bytes: Buffer): Promise<boolean> {
    const json = { partNumber, sizeBytes: bytes.length, sha256: audioOf("part", bytes).sha256 };
    const asked = await call("POST", `/api/recordings/${id}/parts`, { headers: faulty.system.headers, json });
    if (asked.status !== 200) return false;
    const { url, headers } = ((await asked.json()) as SignedPart).upload;
    const signal = AbortSignal.timeout(bytes.length > mebibyte ? 4_000 : 600);
    const sent = await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes), signal }).catch(
      () => undefined,
    );
    await sent?.arrayBuffer().catch(() => undefined);
    return sent?.ok === true;
  }

  /** The parts that the portal reports as received; none if it cannot. */
  async function arrived(id: string): Promise<Set<number>> {
    const listed = await call("GET", `/api/recordings/${id}/parts`, { headers: faulty.system.headers });
    const { parts = [] } = (await listed.json()) as { parts?: { partNumber: number }[] };
    return new Set(parts.map(({ partNumber }) => partNumber));
  }

  /** Starts again from the metadata only: requests, lists the received parts, sends the rest, completes. */
  const inParts: Sender = async (seed, schedules) => {
    const random = randomFrom(seed + 3_000_003);
    const file = seed % 12 === 0 ? long : small;
    const metadata = callMetadata(faulty.system.unitCode, file, { multipart: true });
    let id = "";
    const attempts = random() < 0.1 ? 1 : 4;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const asked = await askTicket(faulty.system.headers, metadata);
      if (asked.status >= 500) continue;
      const ticket = (await asked.json()) as PartsTicket;
      if (!ticket.upload) break;
      id = ticket.id;
      if (attempt === 0) schedules.set(id, faultSchedule(seed));
      const { partSizeBytes, partCount } = ticket.upload;
      const there = await arrived(id);
      for (let number = 1; number <= partCount; number += 1) {
        if (!there.has(number))
          await sendPart(id, number, file.bytes.subarray((number - 1) * partSizeBytes, number * partSizeBytes));
      }
      if (random() < 0.9 && (await complete(faulty.system.headers, id)).status === 200) break;
    }
    return { seed, id, sha256: file.sha256 };
  };

  const kinds: Array<[string, Sender, string[]]> = [
    // Reading back reveals bytes altered between portal and store, and reports them.
    ["through the portal", throughThePortal, ["ticket_expired", "checksum_mismatch"]],
    ["in parts", inParts, ["ticket_expired"]],
  ];

  test.each(
    kinds.flatMap(([kind, sender, reasons]) =>
      seedBatches(schedules, schedulesInBatch).map((seed) => ({ kind, seed, sender, reasons })),
    ),
  )(`$kind: schedules $seed and ${schedulesInBatch - 1} more`, async ({ sender, reasons, seed }) => {
    const schedules = new Map<string, () => Fault | null>();
    const limit = pLimit(atOnce);
    faulty.proxy.choose = faulty.faultsOf(schedules, seed);
    const uploads = await Promise.all(
      Array.from({ length: schedulesInBatch }, (_, index) => limit(() => sender(seed + index, schedules))),
    );
    await faulty.reconcileAll(uploads);
    await Promise.all(uploads.map((one) => limit(() => faulty.storedOrSaid(one, reasons))));
    await faulty.everyObjectHasItsRow();
  });

  test.each(seedBatches(schedules, schedulesInBatch))(
    `two recordings of one call through the portal: schedules %i and ${schedulesInBatch - 1} more`,
    async (seed) => {
      const other = audioOf(small.name, Buffer.concat([small.bytes, Buffer.alloc(64)]), small.contentType);
      const schedules = new Map<string, () => Fault | null>();
      const limit = pLimit(atOnce);
      faulty.proxy.choose = faulty.faultsOf(schedules, seed);
      const calls = Array.from({ length: schedulesInBatch }, (_, index) => ({ seed: seed + index, callId: newId() }));
      const sent = await Promise.all(
        calls.flatMap((one) =>
          [small, other].map((file) => limit(() => oneOfTwo(one.seed, schedules, file, one.callId))),
        ),
      );
      const reconcileCalls = async () => {
        const rows = (await Promise.all(calls.map(({ callId }) => recordingsOfCall(callId)))).flat();
        await faulty.reconcileAll(rows.map(({ id }) => ({ seed, id, sha256: "" })));
      };
      await reconcileCalls();
      // The first round may have found another recording of a call, whose own leftovers are due later.
      await reconcileCalls();
      await Promise.all(sent.map((one) => limit(() => keptOnce(one))));
      expect(sent.filter(({ answered }) => answered !== null).length).toBeGreaterThan(schedulesInBatch / 2);
      await faulty.everyObjectHasItsRow();
    },
  );

  test("every kind of fault occurred", () => {
    if (!isRepeated) expect([...faulty.proxy.happened.keys()].sort()).toEqual([...faults].sort());
  });
});
