import { and, eq, isNull, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, deletionOrders, playbackGrants, recordings } from "@/lib/db/schema";
import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import { eraseQuarantined } from "@/lib/deletion/erase-quarantined";
import { drain } from "@/lib/jobs/drain";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { countQuarantined } from "@/lib/recordings/quarantine/count-quarantined";
import { quarantineRecording } from "@/lib/recordings/quarantine/quarantine-recording";
import { releaseRecording } from "@/lib/recordings/quarantine/release-recording";
import { readRecording } from "@/lib/recordings/read-recording";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";
import { readSearch } from "@/lib/recordings/references/read-search";
import { analyzeRecordings } from "../../support/analyze-recordings";
import { audio, smallAudio } from "../../support/audio-fixtures";
import { retain } from "../../support/deletions";
import { facts } from "../../support/holds";
import { signedInAs, unit, type SignedIn } from "../../support/people";
import { askGrant, grantOf, listen, purpose, statusOf } from "../../support/playbacks";
import { daysAgo, row, storedRecording } from "../../support/recordings";
import * as uploads from "../../support/uploads";

let system: uploads.PhoneSystem;
let [dpo, supervisor, stranger, auditor]: SignedIn[] = [];

beforeAll(async () => {
  system = await uploads.phoneSystem();
  const elsewhere = await unit();
  [dpo, supervisor, stranger, auditor] = await Promise.all([
    signedInAs("dpo"),
    signedInAs("supervisor", [system.unitId]),
    signedInAs("supervisor", [elsewhere.unitId]),
    signedInAs("auditor"),
  ]);
});

const stored = async (startedAt = new Date()) => (await storedRecording({ unitId: system.unitId, startedAt })).id;
const quarantine = async (recordingId: string, who = supervisor) =>
  quarantineRecording(await who!.context(), { recordingId });
const release = async (recordingId: string, who = dpo) =>
  releaseRecording(await who!.context(), { recordingId, releaseReason: "no_card_data" });
const erase = async (recordingId: string) =>
  eraseQuarantined(await dpo!.context(), { recordingId, justification: "A pausa falhou" });

async function quarantined(startedAt?: Date): Promise<string> {
  const id = await stored(startedAt);
  await quarantine(id);
  return id;
}

const listed = async (who: SignedIn | undefined, filters: RecordingFilters = {}) =>
  (await listRecordings(await who!.context(), { unitId: system.unitId, ...filters, limit: 200 })).rows.map(
    ({ id }) => id,
  );

const eventsOf = async (id: string, action: string) =>
  (
    await database()
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, id), eq(auditEvents.action, action)))
  ).map(({ details }) => details);

describe("a recording that its sender marks", () => {
  test("is stored in quarantine, as its event says; nobody plays or downloads it", async () => {
    const file = audio("call-04-wav-pcm-mono.wav");
    const id = await uploads.storedRecording(system, file, { possibleCardData: true });
    expect((await row(id)).quarantine).toBe("quarantined");
    expect(await eventsOf(id, "recording.stored")).toMatchObject([{ possibleCardData: true }]);
    for (const [who, kind] of [
      [supervisor, "playback"],
      [dpo, "playback"],
      [dpo, "download"],
    ] as const) {
      const answered = await askGrant(who!.headers, id, purpose, kind);
      expect([answered.status, await answered.json()]).toMatchObject([423, { code: "recording_quarantined" }]);
    }
    expect(await database().$count(playbackGrants, eq(playbackGrants.recordingId, id))).toBe(0);
    const page = await readRecording(await supervisor!.context(), { recordingId: id });
    expect(page).toMatchObject({ isQuarantined: true, waveform: null, mayRelease: false, mayQuarantine: false });
  });

  test("is marked by true only; of one call, only the marked recording is quarantined", async () => {
    const sourceCallId = `cartao-${system.unitCode}`;
    const announce = async (sourceRecordingId: string, possibleCardData: boolean | null) => {
      const facts = { sourceCallId, sourceRecordingId, possibleCardData };
      const response = await uploads.askTicket(
        system.headers,
        uploads.callMetadata(system.unitCode, smallAudio(), facts),
      );
      return row(((await response.json()) as uploads.Ticket).id);
    };
    const rows = [await announce("a", false), await announce("b", true), await announce("c", null)];
    expect(rows.map(({ quarantine }) => quarantine)).toEqual([null, "quarantined", null]);
    // A request that is sent again without the mark does not take it away.
    expect(await announce("b", null)).toMatchObject({ id: rows[1]!.id, quarantine: "quarantined" });
  });
});

describe("a mark that its sender says later", () => {
  const file = audio("call-35-ogg-opus-stereo.opus");
  const ask = async (facts: Record<string, unknown>) => {
    const response = await uploads.askTicket(system.headers, uploads.callMetadata(system.unitCode, file, facts));
    return (await response.json()) as uploads.Ticket;
  };

  test("quarantines what is stored, once, and ends its grants; a release by a person stands", async () => {
    const call = { sourceCallId: `depois-${system.unitCode}` };
    const id = await uploads.storedRecording(system, file, call);
    const { url } = await grantOf(supervisor!, id);
    const late = { ...call, possibleCardData: true };
    for (let time = 0; time < 2; time += 1) expect(await ask(late)).toMatchObject({ id, state: "stored" });
    expect((await row(id)).quarantine).toBe("quarantined");
    expect(await eventsOf(id, "recording.quarantined")).toEqual([{}]);
    expect(await statusOf(await listen(supervisor!.cookie, url))).toBe(423);
    await release(id);
    await ask(late);
    expect((await row(id)).quarantine).toBe("released");
  });

  test.each([true, false])("reaches the recording that has the content, hash announced: %s", async (isAnnounced) => {
    const sourceCallId = `outra-${isAnnounced}-${system.unitCode}`;
    const id = await uploads.storedRecording(system, file, { sourceCallId });
    const unknown = uploads.plainMetadata(system.unitCode, file, { sourceCallId, possibleCardData: true });
    if (isAnnounced) await ask({ sourceCallId, possibleCardData: true });
    else {
      const asked = (await (await uploads.askTicket(system.headers, unknown)).json()) as uploads.Ticket;
      expect((await uploads.putContent(system.headers, asked.id, file.bytes)).status).toBe(200);
    }
    expect((await row(id)).quarantine).toBe("quarantined");
  });

  test("with other content of the call is kept for that content", async () => {
    const sourceCallId = `nova-${system.unitCode}`;
    const first = uploads.plainMetadata(system.unitCode, file, { sourceCallId, possibleCardData: true });
    const asked = (await (await uploads.askTicket(system.headers, first)).json()) as uploads.Ticket;
    const other = await uploads.storedRecording(system, smallAudio(), { sourceCallId });
    expect((await uploads.putContent(system.headers, asked.id, file.bytes)).status).toBe(200);
    const marks = await Promise.all([asked.id, other].map(async (id) => (await row(id)).quarantine));
    expect(marks).toContain("quarantined");
  });
});

describe("a quarantine", () => {
  test("ends what is being played; after the release only a new grant plays", async () => {
    const id = await uploads.storedRecording(system, audio("call-35-ogg-opus-stereo.opus"));
    const { url } = await grantOf(supervisor!, id);
    expect(await statusOf(await listen(supervisor!.cookie, url))).toBe(200);
    await quarantine(id);
    expect(await statusOf(await listen(supervisor!.cookie, url))).toBe(423);
    await release(id);
    expect(await statusOf(await listen(supervisor!.cookie, url))).toBe(410);
    const again = await grantOf(supervisor!, id);
    expect(await statusOf(await listen(supervisor!.cookie, again.url))).toBe(200);
  });

  test("that begins while grants are asked for leaves none open", async () => {
    const id = await uploads.storedRecording(system, audio("call-35-ogg-opus-stereo.opus"));
    const asked = Array.from({ length: 4 }, () => askGrant(supervisor!.headers, id));
    const [, ...answers] = await Promise.all([quarantine(id), ...asked]);
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 423)).toEqual([]);
    const isOpen = and(eq(playbackGrants.recordingId, id), isNull(playbackGrants.revokedAt));
    expect(await database().$count(playbackGrants, isOpen)).toBe(0);
  });

  test("and its release each happen once, in their order, with one event without text", async () => {
    const id = await stored();
    await expect(release(id)).rejects.toMatchObject({ code: "conflict" });
    await expect(erase(id)).rejects.toMatchObject({ code: "conflict" });
    await quarantine(id);
    await quarantine(id, dpo);
    await release(id);
    await release(id);
    await expect(erase(id)).rejects.toMatchObject({ code: "conflict" });
    expect(await eventsOf(id, "recording.quarantined")).toEqual([{}]);
    expect(await eventsOf(id, "recording.released")).toEqual([{ releaseReason: "no_card_data" }]);
    await quarantine(id);
    expect((await row(id)).quarantine).toBe("quarantined");
  });

  test("is not for recordings of other units, nor for what is not stored", async () => {
    const id = await stored();
    await expect(quarantine(id, stranger)).rejects.toMatchObject({ code: "not_found" });
    const metadata = uploads.callMetadata(system.unitCode, smallAudio());
    const { id: pending } = (await (await uploads.askTicket(system.headers, metadata)).json()) as uploads.Ticket;
    await expect(quarantine(pending)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("lists and searches", () => {
  test("leave it out; those with the right are told, and list it", async () => {
    const [id, other] = [await quarantined(), await stored()];
    for (const who of [supervisor, dpo, auditor]) {
      expect(await listed(who)).toContain(other);
      expect(await listed(who)).not.toContain(id);
    }
    for (const who of [dpo, auditor]) {
      expect(await listed(who, { quarantined: "yes" })).toContain(id);
      expect(await listed(who, { quarantined: "yes" })).not.toContain(other);
      expect(await listed(who, { quarantined: "any" })).toEqual(expect.arrayContaining([id, other]));
      const filters = { unitId: system.unitId };
      const { recordings: left } = await countQuarantined(await who!.context(), filters);
      expect(left).toBe((await listed(who, { quarantined: "yes" })).length);
    }
    for (const value of ["yes", "any"] as const)
      await expect(listed(supervisor, { quarantined: value })).rejects.toMatchObject({ code: "forbidden" });
    await release(id);
    expect(await listed(supervisor)).toContain(id);
  });

  test("by a reference find it for those with the right only", async () => {
    const metadata = uploads.callMetadata(system.unitCode, smallAudio(), {
      ...{ protocol: "CARTAO-1", possibleCardData: true },
    });
    await uploads.askTicket(system.headers, metadata);
    const { token } = await readSearch(await dpo!.context(), { text: "cartao1" });
    expect(await listed(dpo, { protocol: token })).toEqual([]);
    expect(await countQuarantined(await dpo!.context(), { protocol: token })).toEqual({ recordings: 1 });
    expect(await listed(dpo, { protocol: token, quarantined: "yes" })).toHaveLength(1);
    await expect(readSearch(await supervisor!.context(), { text: "cartao1" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(await listed(supervisor, { protocol: token })).toEqual([]);
  });

  test("for quarantined ones use their index", async () => {
    await database().execute(sql`
      insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
        unit_id, direction, started_at, content_type, size_bytes, sha256, quarantine)
      select gen_random_uuid(), 'pending', 'plan', n::text, n::text, 'service', gen_random_uuid(),
        ${system.unitId}::uuid, 'inbound', timestamptz '2024-01-01' + n * interval '31 seconds', 'audio/wav', 1,
        sha256(n::text::bytea), case when n % 500 = 0 then 'quarantined' end
      from generate_series(1, 20000) n`);
    await analyzeRecordings();
    const list = database()
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(...recordingConditions({ quarantined: "yes" }, sql`true`)))
      .orderBy(recordings.startedAt, recordings.id)
      .limit(51);
    const plan = JSON.stringify(await database().execute(sql`explain ${list}`));
    expect(plan).toContain("recordings_quarantined");
    expect(plan).not.toContain("Seq Scan");
  });
});

describe("holds and retention", () => {
  test("a hold by search reaches it, and its preview says so; the filter is for those with the right", async () => {
    const id = await quarantined(daysAgo(3));
    const day = { from: daysAgo(3).toISOString().slice(0, 10), to: daysAgo(3).toISOString().slice(0, 10) };
    const selection = { filters: { unitId: system.unitId, ...day } };
    const context = await supervisor!.context();
    expect(await previewHold(context, { selection })).toMatchObject({ recordings: 1, quarantined: 1 });
    const only = { filters: { ...selection.filters, quarantined: "yes" as const } };
    await expect(previewHold(context, { selection: only })).rejects.toMatchObject({ code: "forbidden" });
    expect(await previewHold(await dpo!.context(), { selection: only })).toMatchObject({ recordings: 1 });
    expect(await placeHold(context, { ...facts(supervisor!.userId), selection })).toMatchObject({ held: 1 });
    await expect(erase(id)).rejects.toMatchObject({ code: "recording_kept" });
    expect((await row(id)).state).toBe("stored");
  });

  test("retention deletes it on its date", async () => {
    const id = await quarantined(daysAgo(4000));
    await retain();
    expect(await row(id)).toMatchObject({ state: "deleted", quarantine: null });
    const { recordings: counted } = await countQuarantined(await dpo!.context(), { unitId: system.unitId });
    expect(counted).toBe((await listed(dpo, { quarantined: "yes" })).length);
    expect(await listed(supervisor, { state: "deleted" })).toContain(id);
  });

  test("the DPO has it erased at once, under an order with the justification, and never twice", async () => {
    const id = await quarantined();
    const { orderId } = await erase(id);
    await expect(erase(id)).rejects.toMatchObject({ code: "conflict" });
    expect(await eventsOf(id, "recording.marked_for_deletion")).toMatchObject([{ reason: "card_data", orderId }]);
    const [order] = await database().select().from(deletionOrders).where(eq(deletionOrders.id, orderId));
    expect(order).toMatchObject({ reason: "card_data", justification: "A pausa falhou", requestedById: dpo!.userId });
    await drain(60, { deletion_order: deletionOrderJob });
    expect(await row(id)).toMatchObject({ state: "deleted", deletionReason: "card_data" });
  });
});
