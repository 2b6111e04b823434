import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { derivedRecordings, jobs, recordings } from "@/lib/db/schema";
import { enqueueDueDerived } from "@/lib/deletion/derived/enqueue-due-derived";
import { blockRecordings } from "@/lib/recordings/blocking/block-recordings";
import { configuredStore } from "@/lib/storage/configured-store";
import { readSubjectAudio } from "@/lib/subject-requests/derived-audio/read-subject-audio";
import { prepareSubjectAudio } from "@/lib/subject-requests/derived-audio/prepare-subject-audio";
import { audio } from "../../support/audio-fixtures";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { check, clean, receiptFile, retain, sealAll } from "../../support/deletions";
import { loadTypescript } from "../../support/load-typescript";
import { job, signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, listen } from "../../support/playbacks";
import { call } from "../../support/portal";
import { describeTranscoder } from "../../support/transcoder";
import {
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";
import { expectRefusal } from "../../support/actors";
import { hasDataKey, keysInStore, linksExpire } from "../playable-copies/copies";
import { look, openFindings } from "../store-scan/custody";
import { daysPass, derivedRow, measured, ordered, ownChannel, peaksOf, requestFor, writersTimePasses } from "./derived";

process.env.MEDIA_TRANSCODER = "ffmpeg";
process.env.RECORDING_ENCRYPTION = "envelope";
process.env.ENVELOPE_KEYS ??= `k1:${Buffer.alloc(32, 7).toString("base64")}`;

const stereo = audio("call-01-wav-pcm-stereo.wav");
const making = ["derived_audio", "derived_audio_deletion"] as const;

let system: PhoneSystem;
let dpo: SignedIn;

beforeAll(async () => {
  dpo = await signedInAs("dpo");
});

// A unit for each test: it deletes all of its recordings.
beforeEach(async () => {
  system = await phoneSystem();
});

afterEach(() => database().delete(jobs));

const askGrant = (derivedId: string, by: SignedIn = dpo, purpose = "subject_request") =>
  call("POST", `/api/derived-recordings/${derivedId}/playback-grants`, {
    headers: by.headers,
    json: { purpose, reference: "20261129000015" },
  });

async function heard(derivedId: string): Promise<Buffer> {
  const granted = await askGrant(derivedId);
  expect(granted.status).toBe(201);
  const { url } = (await granted.json()) as { url: string };
  return bytesOf(await listen(dpo.cookie, url));
}

async function made(recordingId: string, form: object = ownChannel) {
  const order = await ordered(await dpo.context(), recordingId, form);
  await workOff(...making);
  return { ...order, row: await derivedRow(order.derivedId) };
}

await describeTranscoder("the channel of the person alone", () => {
  test.each([
    ["call-01-wav-pcm-stereo.wav", 0],
    ["call-01-wav-pcm-stereo.wav", 1],
    ["call-07-wav-alaw-stereo.wav", 0],
    ["call-17-mp3-stereo.mp3", 1],
    ["call-26-ogg-opus-stereo.opus", 0],
  ])(
    "of %s is channel %i, with its times; the other is silent; the original is untouched",
    async (name, subjectChannel) => {
      const file = audio(name);
      const id = await storedRecording(system, file);
      await workOff("waveform");
      const { row, derivedId } = await made(id, { ...ownChannel, subjectChannel });
      expect(row).toMatchObject({ state: "ready", contentType: "audio/wav", storingUntil: null });
      const bytes = await heard(derivedId);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(row.sha256!.toString("hex"));
      const [original, derived] = [await measured(file.bytes), await measured(bytes)];
      expect(derived).toMatchObject({ codec_name: "pcm_s16le", channels: 2, sample_rate: original.sample_rate });
      expect(Math.abs(derived.durationMs - original.durationMs)).toBeLessThan(150);
      expect(derived.durationMs).toBe(row.durationMs);
      expect(derived.peaks[1 - subjectChannel]).toBe(0);
      expect(Math.abs(derived.peaks[subjectChannel]! - original.peaks[subjectChannel]!)).toBeLessThan(0.05);
      expect(derived.peaks[subjectChannel]).toBeGreaterThan(0.05);
      const { objectKey, sha256 } = await recordingRow(id);
      expect(sha256!.toString("hex")).toBe(file.sha256);
      expect(row.objectKey).toBe(`${objectKey}.derived-${derivedId}`);
      expect([await hasDataKey(objectKey!), await hasDataKey(row.objectKey!)]).toEqual([true, true]);
    },
  );

  test("cannot be made of a recording with one channel; who measured it says so at once", async () => {
    const id = await storedRecording(system, audio("call-04-wav-pcm-mono.wav"));
    await database().update(recordings).set({ channels: null }).where(eq(recordings.id, id));
    const { row } = await made(id);
    expect(row).toMatchObject({ state: "failed", failureCode: "no_such_channel" });
    expect(await eventsAbout(id, "recording.derived_audio_made")).toMatchObject([{ outcome: "failure" }]);
    await workOff("waveform");
    await expectRefusal(ordered(await dpo.context(), id), "invalid_input");
  });
});

await describeTranscoder("a recording with silenced parts", () => {
  test("is silent there and nowhere else", async () => {
    const id = await storedRecording(system, audio("call-04-wav-pcm-mono.wav"));
    const silences = [
      { fromMs: 500, toMs: 1500, reason: "third_party" },
      { fromMs: 2000, toMs: 2250, reason: "card_data" },
    ];
    const { derivedId, row } = await made(id, { form: "edited", silences });
    expect(row.silences).toEqual(silences);
    const folder = mkdtempSync(path.join(tmpdir(), "custodia-test-"));
    const [source, file] = [path.join(folder, "source"), path.join(folder, "derived")];
    writeFileSync(source, audio("call-04-wav-pcm-mono.wav").bytes);
    writeFileSync(file, await heard(derivedId));
    const between = (from: number, to: number) => ["-af", `atrim=${from}:${to}`];
    const peak = async (of: string, from: number, to: number) => {
      const cut = path.join(folder, "cut.wav");
      await new Promise((done) =>
        execFile("ffmpeg", ["-nostdin", "-y", "-i", of, ...between(from, to), cut], () => done(null)),
      );
      return (await peaksOf(cut))[0]!;
    };
    for (const [from, to] of [
      [0.5, 1.5],
      [2, 2.25],
    ] as const)
      expect(await peak(file, from, to)).toBe(0);
    for (const [from, to] of [
      [0, 0.5],
      [1.5, 2],
      [2.25, 5],
    ] as const)
      expect(await peak(file, from, to)).toBeCloseTo(await peak(source, from, to), 5);
    rmSync(folder, { recursive: true });
    expect(await eventsAbout(id, "recording.derived_audio_asked")).toMatchObject([
      { actorType: "user", details: { audioForm: "edited", silencedParts: 2, silencedMs: 1250 } },
    ]);
  });

  test("is ordered once: the same order changes nothing, another replaces it and deletes what was made", async () => {
    const id = await storedRecording(system, stereo);
    const { requestId, derivedId, row } = await made(id);
    const context = await dpo.context();
    const same = { requestId, recordingId: id, ...ownChannel, silences: [] };
    expect(await prepareSubjectAudio(context, same)).toEqual({ derivedId });
    expect(await workOff(...making)).toEqual({});
    const other = await prepareSubjectAudio(context, { ...same, subjectChannel: 1 });
    expect(other.derivedId).not.toBe(derivedId);
    expect((await problemOf(await askGrant(derivedId))).status).toBe(404);
    expect(await readSubjectAudio(context, { requestId, recordingId: id })).toMatchObject({
      ...{ id: other.derivedId, state: "waiting", subjectChannel: 1 },
    });
    await workOff(...making);
    expect(await derivedRow(derivedId)).toMatchObject({ state: "deleted", objectKey: null });
    expect(await derivedRow(other.derivedId)).toMatchObject({ state: "ready" });
    expect([await keysInStore(), await hasDataKey(row.objectKey!)]).toEqual([
      expect.not.arrayContaining([row.objectKey]),
      false,
    ]);
  });

  test("is refused of what is not the person's, is blocked or in quarantine", async () => {
    const context = await dpo.context();
    const id = await storedRecording(system, stereo);
    const silences = [{ fromMs: 0, toMs: 1000, reason: "card_data" as const }];
    const input = { recordingId: id, form: "edited" as const, silences };
    const excluded = await requestFor(context, id, "excluded");
    await expectRefusal(prepareSubjectAudio(context, { ...input, requestId: excluded }), "conflict");
    const requestId = await requestFor(context, id);
    const other = await storedRecording(system, stereo);
    await expectRefusal(prepareSubjectAudio(context, { ...input, requestId, recordingId: other }), "not_found");
    await database().update(recordings).set({ quarantine: "quarantined" }).where(eq(recordings.id, id));
    await expectRefusal(prepareSubjectAudio(context, { ...input, requestId }), "recording_quarantined");
    await database().update(recordings).set({ quarantine: null }).where(eq(recordings.id, id));
    const { derivedId } = await prepareSubjectAudio(context, { ...input, requestId });
    await blockRecordings(context, { recordingIds: [id], reason: "Opposição do titular em análise" });
    await workOff(...making);
    expect(await derivedRow(derivedId)).toMatchObject({ state: "failed", failureCode: "recording_blocked" });
    await expectRefusal(prepareSubjectAudio(context, { ...input, requestId }), "recording_blocked");
  });

  test("is played for a request only, by whoever works on it; each grant and each byte is an event", async () => {
    const id = await storedRecording(system, stereo);
    const { derivedId } = await made(id);
    const supervisor = await signedInAs("supervisor", [system.unitId]);
    expect((await askGrant(derivedId, supervisor)).status).toBe(403);
    expect((await askGrant(derivedId, dpo, "training")).status).toBe(422);
    await heard(derivedId);
    const object = "derived_recording";
    expect(await eventsAbout(id, "recording.play_granted")).toMatchObject([{ details: { object, derivedId } }]);
    expect((await eventsAbout(id, "recording.played"))[0]).toMatchObject({ details: { object } });
  });

  test("whose object was altered is refused, and can be ordered again", async () => {
    const id = await storedRecording(system, stereo);
    const { derivedId, requestId, row } = await made(id);
    await configuredStore().deleteAllVersions(row.objectKey!);
    await heard(derivedId).catch(() => undefined);
    expect(await derivedRow(derivedId)).toMatchObject({ state: "failed", failureCode: "damaged" });
    const again = await prepareSubjectAudio(await dpo.context(), {
      requestId,
      recordingId: id,
      ...ownChannel,
      silences: [],
    });
    await workOff(...making);
    expect(await derivedRow(again.derivedId)).toMatchObject({ state: "ready" });
  });
});

await describeTranscoder("custody of derived audio", () => {
  test("the deletion of the recording erases it and its key, and the receipt lists it", async () => {
    const id = await storedRecording(system, stereo);
    const { row, derivedId } = await made(id);
    await linksExpire();
    await clean(system.unitId, 1);
    expect((await recordingRow(id)).state).toBe("deleted");
    expect(await keysInStore()).not.toContain(row.objectKey);
    expect(await hasDataKey(row.objectKey!)).toBe(false);
    const deleted = await derivedRow(derivedId);
    expect(deleted).toMatchObject({ state: "deleted", objectKey: null, objectEtag: null });
    expect(deleted.deletionProof).toMatchObject([{ objectKeys: 2 }]);
    const sha256 = row.sha256!.toString("hex");
    expect((await eventsAbout(id, "recording.deleted"))[0]!.details).toMatchObject({
      ...{ derivedSha256: [sha256], derivedSizeBytes: [row.sizeBytes], dataKeysDestroyed: 2 },
    });
    await sealAll();
    const receipt = await receiptFile(id);
    expect(JSON.parse(receipt)).toMatchObject({
      receipt: { recording: { derivedFiles: [{ sha256, sizeBytes: row.sizeBytes }] } },
    });
    expect((await check(receipt)).problems).toEqual([]);
    expect((await check(receipt.replace(sha256, "0".repeat(64)))).problems).not.toEqual([]);
    // Its own job finds nothing left to do.
    await jobsTurnComes();
    await workOff(...making);
    expect(await eventsAbout(id, "recording.derived_audio_deleted")).toEqual([]);
  });

  test("it is deleted on its own date and not before; the recording stays", async () => {
    const id = await storedRecording(system, stereo);
    const { row, derivedId } = await made(id);
    await jobsTurnComes();
    await workOff(...making);
    expect(await derivedRow(derivedId)).toMatchObject({ state: "ready" });
    const granted = await askGrant(derivedId);
    const { url } = (await granted.json()) as { url: string };
    await daysPass(derivedId);
    await jobsTurnComes();
    await workOff(...making);
    const deleted = await derivedRow(derivedId);
    expect(deleted).toMatchObject({ state: "deleted", objectKey: null });
    expect(deleted.sha256).toEqual(row.sha256);
    expect(await keysInStore()).not.toContain(row.objectKey);
    expect(await hasDataKey(row.objectKey!)).toBe(false);
    expect((await problemOf(await listen(dpo.cookie, url))).status).toBe(410);
    expect(await eventsAbout(id, "recording.derived_audio_deleted")).toMatchObject([
      { actorType: "job", details: { derivedId, sha256: row.sha256!.toString("hex"), dataKeysDestroyed: 1 } },
    ]);
    expect((await recordingRow(id)).state).toBe("stored");
  });

  test("a job that is missing is asked for once its date has passed, as after a restore", async () => {
    const id = await storedRecording(system, stereo);
    const { derivedId } = await made(id);
    await database().delete(jobs);
    expect(await enqueueDueDerived(job(), {})).toEqual({ due: 0 });
    await daysPass(derivedId);
    expect(await enqueueDueDerived(job(), {})).toEqual({ due: 1 });
    // The store has lost it already: as in a database of before its deletion.
    await configuredStore().deleteAllVersions((await derivedRow(derivedId)).objectKey!);
    await workOff(...making);
    expect((await derivedRow(derivedId)).state).toBe("deleted");
  });

  test("a store scan finds neither an orphan nor anything missing", async () => {
    const id = await storedRecording(system, stereo);
    const { row, derivedId } = await made(id);
    await look();
    expect(await openFindings({ objectKey: row.objectKey! })).toEqual([]);
    expect(await openFindings({ recordingId: id })).toEqual([]);
    await database()
      .update(derivedRecordings)
      .set({ state: "deleted", objectKey: null })
      .where(eq(derivedRecordings.id, derivedId));
    await look();
    expect(await openFindings({ objectKey: row.objectKey! })).toMatchObject([{ kind: "object_without_recording" }]);
  });

  test("an erasure waits while the file may still be on its way, and then erases it, too", async () => {
    const id = await storedRecording(system, stereo);
    await ordered(await dpo.context(), id);
    await runUntilKilled("after the object");
    await linksExpire();
    await clean(system.unitId, 1);
    expect((await recordingRow(id)).state).toBe("deleting");
    await writersTimePasses();
    await retain();
    expect((await recordingRow(id)).state).toBe("deleted");
    await jobsTurnComes();
    await workOff(...making);
    expect((await keysInStore()).filter((key) => key.includes(id))).toEqual([]);
  });
});

const program = fileURLToPath(new URL("./killed-derived.ts", import.meta.url));

function runUntilKilled(point: string): Promise<unknown> {
  return new Promise((resolve) =>
    execFile(process.execPath, ["--import", loadTypescript, program, point], (error) => resolve(error?.signal)),
  );
}

await describeTranscoder("a process that is killed", () => {
  test("at any point of making or deleting a file leaves what the next run finishes, and no object more", async () => {
    const points = ["while decoding", "before the object", "while sending", "after the object", "before the record"];
    const orders: Awaited<ReturnType<typeof ordered>>[] = [];
    for (const _ of points) orders.push(await ordered(await dpo.context(), await storedRecording(system, stereo)));
    const rows = () => Promise.all(orders.map(({ derivedId }) => derivedRow(derivedId)));
    const originals = await keysInStore();
    expect(await Promise.all(points.map(runUntilKilled))).toEqual(points.map(() => "SIGKILL"));
    for (const { state } of await rows()) expect(state).not.toBe("ready");
    await jobsTurnComes();
    await writersTimePasses();
    await workOff(...making);
    expect(await rows()).toMatchObject(orders.map(() => ({ state: "ready", storingUntil: null })));
    const keys = (await rows()).map(({ objectKey }) => objectKey!);
    expect(await keysInStore()).toEqual([...originals, ...keys].toSorted());

    await daysPass(...orders.map(({ derivedId }) => derivedId));
    for (const point of ["before the deletion", "after the deletion", "before the confirmation"]) {
      await jobsTurnComes();
      expect(await runUntilKilled(point)).toBe("SIGKILL");
    }
    await jobsTurnComes();
    await workOff(...making);
    expect(await rows()).toMatchObject(orders.map(() => ({ state: "deleted", objectKey: null })));
    expect(await keysInStore()).toEqual(originals);
    for (const key of keys) expect(await hasDataKey(key)).toBe(false);
  });
});
