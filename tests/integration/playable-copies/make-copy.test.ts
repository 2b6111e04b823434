import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { enqueueMissingCopies } from "@/lib/media/playable-copies/enqueue-missing-copies";
import { readPlayability } from "@/lib/playback/read-playability";
import { configuredStore } from "@/lib/storage/configured-store";
import { database } from "@/lib/db/client";
import { dataKeys, jobs, playableCopies, recordings } from "@/lib/db/schema";
import { enqueueMissingWaveforms } from "@/lib/media/transcoded-waveform/enqueue-missing-waveforms";
import { readRecording } from "@/lib/recordings/read-recording";
import { audio, audioOf } from "../../support/audio-fixtures";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { check, clean, receiptFile, retain, sealAll } from "../../support/deletions";
import { loadTypescript } from "../../support/load-typescript";
import { job, signedInAs, type SignedIn } from "../../support/people";
import { askGrant, bytesOf, grantOf, listen } from "../../support/playbacks";
import { fixtureFile } from "../../support/recorder-fixtures";
import { portalWith } from "../../support/portal-with";
import { describeTranscoder } from "../../support/transcoder";
import {
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";
import { look, openFindings } from "../store-scan/custody";
import { copyOf, hasDataKey, keysInStore, linksExpire, storedGsm, writersTimePasses } from "./copies";

process.env.MEDIA_TRANSCODER = "ffmpeg";
process.env.RECORDING_ENCRYPTION = "envelope";
process.env.ENVELOPE_KEYS ??= `k1:${Buffer.alloc(32, 7).toString("base64")}`;

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

/** The WAV with its sound ten times. */
function tenTimes(wav: Buffer): Buffer {
  const [at, sizeAt] = [wav.indexOf("data") + 8, wav.indexOf("data") + 4];
  const sound = wav.subarray(at, at + wav.readUInt32LE(sizeAt));
  const long = Buffer.concat([wav.subarray(0, at), ...Array.from({ length: 10 }, () => sound)]);
  long.writeUInt32LE(long.length - 8, 4);
  long.writeUInt32LE(sound.length * 10, sizeAt);
  return long;
}

const playability = async (recordingId: string) => readPlayability(await dpo.context(), { recordingId });

await describeTranscoder("the playable copy of a recording that browsers do not play", () => {
  test("is made once, played in its place, and named in every event of it", async () => {
    const id = await storedGsm(system);
    expect(await playability(id)).toEqual({ plays: "nothing", codec: "GSM 06.10 (WAV49)", reason: "preparing" });
    expect(await problemOf(await askGrant(dpo.headers, id))).toMatchObject({
      status: 409,
      code: "playable_copy_missing",
    });
    expect(await eventsAbout(id, "recording.play_granted")).toEqual([]);

    expect((await workOff("playable_copy")).playable_copy).toEqual({ done: 1, failed: 0 });
    expect(await playability(id)).toEqual({ plays: "copy", codec: "GSM 06.10 (WAV49)" });
    const copy = (await copyOf(id))!;
    expect(copy).toMatchObject({ state: "ready", contentType: "audio/ogg", storingUntil: null });
    expect(Math.abs(copy.durationMs! - 4000)).toBeLessThan(50);

    const { url, grantId } = await grantOf(dpo, id);
    const answered = await listen(dpo.cookie, url);
    expect(answered.headers.get("content-type")).toBe("audio/ogg");
    const bytes = await bytesOf(answered);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(copy.sha256!.toString("hex"));
    const part = await listen(dpo.cookie, url, { range: "bytes=100-199" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 100-199/${bytes.length}`]);
    expect((await bytesOf(part)).equals(bytes.subarray(100, 200))).toBe(true);

    const details = { grantId, object: "playable_copy" };
    expect(await eventsAbout(id, "recording.play_granted")).toMatchObject([{ details }]);
    expect((await eventsAbout(id, "recording.played"))[0]).toMatchObject({ details });
    expect(await eventsAbout(id, "recording.playable_copy_made")).toMatchObject([
      { actorType: "job", outcome: "success", details: { sha256: copy.sha256!.toString("hex") } },
    ]);
  });

  test("leaves the original as it came, for download", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { url } = await grantOf(dpo, id, "download");
    const file = audio("asterisk22-wav49-4s.WAV");
    expect((await bytesOf(await listen(dpo.cookie, url))).equals(file.bytes)).toBe(true);
    expect(await eventsAbout(id, "recording.download_granted")).toMatchObject([{ details: { delivery: "gateway" } }]);
    expect((await eventsAbout(id, "recording.download_granted"))[0]!.details as object).not.toHaveProperty("object");
  });

  test("is not made of a recording that browsers play", async () => {
    const id = await storedRecording(system);
    expect([await copyOf(id), await playability(id)]).toEqual([undefined, { plays: "original" }]);
    expect(await workOff("playable_copy")).toEqual({});
  });

  test("is sealed under a key of its own, beside the original", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { objectKey } = await recordingRow(id);
    const copy = (await copyOf(id))!;
    expect(copy.objectKey).toBe(`${objectKey}.playable`);
    expect([await hasDataKey(objectKey!), await hasDataKey(copy.objectKey)]).toEqual([true, true]);
    expect((await eventsAbout(id, "data_key.created")).length).toBe(2);
  });

  test("that cannot be made says so, with the codec, and is tried again by another version", async () => {
    const broken = audio("asterisk22-wav49-4s.WAV");
    // The header announces GSM; there is no sound behind it.
    const file = audioOf("x.wav", broken.bytes.subarray(0, 60), "audio/wav");
    const id = await storedRecording(system, file);
    await workOff("playable_copy");
    expect(await copyOf(id)).toMatchObject({ state: "failed", failureCode: "no_sound" });
    expect(await playability(id)).toEqual({ plays: "nothing", codec: "GSM 06.10 (WAV49)", reason: "failed" });
    expect((await problemOf(await askGrant(dpo.headers, id))).code).toBe("playable_copy_missing");
    expect(await eventsAbout(id, "recording.playable_copy_made")).toMatchObject([{ outcome: "failure" }]);
    const { transcoder } = (await copyOf(id))!;
    expect(await enqueueMissingCopies(job(), { transcoder })).toEqual({ enqueued: 0 });
    expect(await enqueueMissingCopies(job(), { transcoder: "6.1" })).toEqual({ enqueued: 1 });
    await workOff("playable_copy");
    expect(await copyOf(id)).toMatchObject({ state: "failed" });
  });

  test("is made of AAC in a WAV; one that does not decode to its end fails once, and is named", async () => {
    const aac = fixtureFile("formats/aac.wav", "audio/wav");
    const id = await storedRecording(system, aac);
    const cut = await storedRecording(system, audioOf("cut.wav", aac.bytes.subarray(0, 2000), "audio/wav"));
    expect((await workOff("playable_copy")).playable_copy).toEqual({ done: 2, failed: 0 });
    expect(await playability(id)).toEqual({ plays: "copy", codec: "AAC" });
    expect(await copyOf(cut)).toMatchObject({ state: "failed", failureCode: "program_failed" });
    expect(await playability(cut)).toEqual({ plays: "nothing", codec: "AAC", reason: "failed" });
    const { transcoder } = (await copyOf(cut))!;
    expect(await enqueueMissingCopies(job(), { transcoder })).toEqual({ enqueued: 0 });
    expect(await database().$count(jobs, eq(jobs.kind, "playable_copy"))).toBe(0);
  });

  test.each([
    // Of blocks that are all alike: what the bytes hold. Of others the portal believes up to half of them.
    ["audio/asterisk22-wav49-4s.WAV", 1, 4000, 4000],
    ["audio/asterisk22-wav49-4s.WAV", 16_000, 4000, 4000],
    ["formats/g726.wav", 20_000, 2500, 4500],
  ])("is made of %s also if its fact chunk states %i samples", async (name, frames, statedMs, decodedMs) => {
    const bytes = name === "formats/g726.wav" ? tenTimes(fixtureFile(name, "").bytes) : fixtureFile(name, "").bytes;
    bytes.writeUInt32LE(frames, bytes.indexOf("fact") + 8);
    const id = await storedRecording(system, audioOf("wrong.wav", bytes, "audio/wav"));
    await workOff("waveform");
    expect(await recordingRow(id)).toMatchObject({ durationMs: statedMs, isEmpty: false });
    await workOff("transcoded_waveform");
    expect(await recordingRow(id)).toMatchObject({ durationMs: decodedMs, waveformState: "ready" });
    await workOff("playable_copy");
    const copy = (await copyOf(id))!;
    expect(copy.state).toBe("ready");
    expect(Math.abs(copy.durationMs! - decodedMs)).toBeLessThan(50);
  });

  test("is asked for when it is missing: a recording of an earlier version, or a restored database", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const before = await keysInStore();
    await database().delete(playableCopies).where(eq(playableCopies.recordingId, id));
    expect(await enqueueMissingCopies(job(), { transcoder: null })).toEqual({ enqueued: 1 });
    await workOff("playable_copy");
    expect(await copyOf(id)).toMatchObject({ state: "ready" });
    expect(await keysInStore()).toEqual(before);
  });

  test("is asked for however many newer recordings need none", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    await database().delete(playableCopies).where(eq(playableCopies.recordingId, id));
    const silence = Buffer.alloc(16_000, 0xff);
    const newer = await storedRecording(system, audioOf("x.ulaw", silence, "audio/pcmu;rate=8000"));
    expect(await enqueueMissingCopies(job(), { transcoder: null, limit: 1 })).toEqual({ enqueued: 1 });
    expect([await copyOf(id), await copyOf(newer)]).toMatchObject([{ state: "waiting" }, undefined]);
  });

  test("that was altered in the store is refused, and made again", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { url } = await grantOf(dpo, id);
    await configuredStore().deleteAllVersions((await copyOf(id))!.objectKey);
    await listen(dpo.cookie, url)
      .then(bytesOf)
      .catch(() => undefined);
    await vi.waitFor(
      async () =>
        expect(await eventsAbout(id, "recording.playback_refused")).toMatchObject([
          { outcome: "failure", details: { object: "playable_copy" } },
        ]),
      { timeout: 20_000 },
    );
    expect((await problemOf(await listen(dpo.cookie, url))).status).toBeGreaterThanOrEqual(400);
    expect((await playability(id)).plays).toBe("nothing");
    await workOff("playable_copy");
    expect((await playability(id)).plays).toBe("copy");
    const again = await grantOf(dpo, id);
    expect((await listen(dpo.cookie, again.url)).status).toBe(200);
  });
});

await describeTranscoder("a recording of several files, one behind the other", () => {
  const stream = fixtureFile("recorders/asterisk22-vorbis-4s.ogg", "audio/ogg").bytes;
  const twice = audioOf("twice.ogg", Buffer.concat([stream, stream]));

  test("is played by a copy of all of them, and as it is until there is one", async () => {
    const id = await storedRecording(system, twice);
    expect(await playability(id)).toEqual({ plays: "original" });
    await workOff("waveform");
    expect(await recordingRow(id)).toMatchObject({ isJoined: true, durationMs: 7960, channels: 1 });
    expect(await playability(id)).toEqual({ plays: "original", isJoined: true });
    const early = await grantOf(dpo, id);
    expect((await listen(dpo.cookie, early.url)).headers.get("content-length")).toBe(String(twice.sizeBytes));
    await workOff("playable_copy");
    const copy = (await copyOf(id))!;
    expect(copy.state).toBe("ready");
    expect(Math.abs(copy.durationMs! - 7960)).toBeLessThan(100);
    expect(await playability(id)).toEqual({ plays: "copy", codec: "Vorbis", isJoined: true });
    const bytes = await bytesOf(await listen(dpo.cookie, (await grantOf(dpo, id)).url));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(copy.sha256!.toString("hex"));
    const original = await grantOf(dpo, id, "download");
    expect((await bytesOf(await listen(dpo.cookie, original.url))).equals(twice.bytes)).toBe(true);
  });

  test("is never played by a copy that is shorter", async () => {
    const id = await storedRecording(system, twice);
    await workOff("waveform");
    await database().update(recordings).set({ durationMs: 30_000 }).where(eq(recordings.id, id));
    await workOff("playable_copy");
    expect(await copyOf(id)).toMatchObject({ state: "failed", failureCode: "duration_differs" });
    expect(await playability(id)).toEqual({ plays: "original", isJoined: true });
    expect(await eventsAbout(id, "recording.play_granted")).toEqual([]);
    await grantOf(dpo, id);
    expect((await eventsAbout(id, "recording.play_granted"))[0]!.details).not.toHaveProperty("object");
  });
});

await describeTranscoder("the waveform of a recording that only the transcoder decodes", () => {
  const aac = fixtureFile("formats/aac-index-last.mp4", "audio/mp4");

  test("is drawn, with its channels, and no copy is made of what browsers play", async () => {
    const id = await storedRecording(system, aac);
    await workOff("waveform");
    expect(await recordingRow(id)).toMatchObject({ waveformState: "unavailable", durationMs: 450 });
    expect(await workOff("transcoded_waveform")).toEqual({ transcoded_waveform: { done: 1, failed: 0 } });
    const row = await recordingRow(id);
    expect(row).toMatchObject({ waveformState: "ready", waveformFailure: null, durationMs: 450, channels: 1 });
    expect(await copyOf(id)).toBeUndefined();
    const shown = await readRecording(await dpo.context(), { recordingId: id });
    expect(shown.waveform).toMatchObject({ channels: 1 });
    expect(await eventsAbout(id, "recording.waveform_computed")).toMatchObject([
      { outcome: "failure", details: { reason: "unsupported_codec" } },
      { outcome: "success", details: { channels: 1 } },
    ]);
  });

  test("is asked for when it is missing, the newest first, and not again after it failed", async () => {
    const old = await storedRecording(system, aac);
    const broken = await storedRecording(system, fixtureFile("audio/fmt-amr.3gp", "audio/3gpp"));
    await workOff("waveform");
    await database().delete(jobs);
    await enqueueMissingWaveforms(job(), { limit: 1 });
    await enqueueMissingWaveforms(job(), { limit: 1 });
    expect(await database().select({ key: jobs.key }).from(jobs)).toEqual([{ key: broken }]);
    await workOff("transcoded_waveform");
    expect(await recordingRow(broken)).toMatchObject({ waveformState: "unavailable", waveformFailure: "decode_error" });
    await enqueueMissingWaveforms(job(), {});
    expect((await database().select({ key: jobs.key }).from(jobs)).map(({ key }) => key)).not.toContain(broken);
    expect(await database().$count(jobs, eq(jobs.key, old))).toBe(1);
  });
});

await describeTranscoder("custody of a playable copy", () => {
  test("a deletion erases both objects and their keys, and its receipt lists the copy", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { objectKey } = await recordingRow(id);
    const copy = (await copyOf(id))!;
    const { grantId } = await grantOf(dpo, id);
    await linksExpire();
    await clean(system.unitId, 1);
    expect((await recordingRow(id)).state).toBe("deleted");
    expect((await keysInStore()).filter((key) => key.startsWith(objectKey!))).toEqual([]);
    expect([await hasDataKey(objectKey!), await hasDataKey(copy.objectKey), await copyOf(id)]).toEqual([
      false,
      false,
      undefined,
    ]);
    const [deleted] = await eventsAbout(id, "recording.deleted");
    const sha256 = copy.sha256!.toString("hex");
    expect(deleted!.details).toMatchObject({ copySha256: sha256, copySizeBytes: copy.sizeBytes, dataKeysDestroyed: 2 });
    await sealAll();
    const receipt = await receiptFile(id);
    expect(JSON.parse(receipt)).toMatchObject({ receipt: { recording: { playableCopy: { sha256 } } } });
    expect((await check(receipt)).problems).toEqual([]);
    const forged = await check(receipt.replace(sha256, "0".repeat(64)));
    expect(forged.problems).not.toEqual([]);
    expect((await listen(dpo.cookie, `/api/playback/${grantId}`)).status).toBe(410);
  });

  test("a deletion that the store refuses for the copy is not confirmed", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { objectKey } = (await copyOf(id))!;
    const store = configuredStore();
    const keeping = Object.assign(Object.create(store) as typeof store, {
      deleteAllVersions: async (key: string) => {
        if (key === objectKey) throw new Error("the store refuses");
        return store.deleteAllVersions(key);
      },
    });
    await linksExpire();
    await clean(system.unitId, 1, undefined, [keeping]);
    expect((await recordingRow(id)).state).toBe("deleting");
    expect(await copyOf(id)).toBeDefined();
  });

  test("a store scan finds neither an orphan nor anything missing", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { objectKey } = (await copyOf(id))!;
    await look();
    expect(await openFindings({ objectKey })).toEqual([]);
    expect(await openFindings({ recordingId: id })).toEqual([]);
    // Without its row it is an orphan: the scan did see the object.
    await database().delete(playableCopies).where(eq(playableCopies.recordingId, id));
    await look();
    expect(await openFindings({ objectKey })).toMatchObject([{ kind: "object_without_recording" }]);
  });

  test("an erasure waits while the copy may still be on its way, and then erases it, too", async () => {
    const id = await storedGsm(system);
    await runUntilKilled("after the object");
    expect(await copyOf(id)).toMatchObject({ state: "storing" });
    await linksExpire();
    await clean(system.unitId, 1);
    expect((await recordingRow(id)).state).toBe("deleting");
    expect((await keysInStore()).length).toBeGreaterThan(0);
    await writersTimePasses();
    await retain();
    expect((await recordingRow(id)).state).toBe("deleted");
    expect(await copyOf(id)).toBeUndefined();
    // No attempt writes for a recording that is gone.
    await jobsTurnComes();
    await workOff("playable_copy");
    const left = await keysInStore();
    expect(left.filter((key) => key.endsWith(".playable") && key.includes(id))).toEqual([]);
  });
});

const program = fileURLToPath(new URL("./killed-copy.ts", import.meta.url));

function runUntilKilled(point: string): Promise<{ signal: unknown }> {
  return new Promise((resolve) =>
    execFile(process.execPath, ["--import", loadTypescript, program, point], (error) =>
      resolve({ signal: error?.signal }),
    ),
  );
}

await describeTranscoder("a process that is killed", () => {
  const points = [
    ...["while measuring", "while decoding", "before the object", "while sending", "after the object"],
    "before the record",
  ];

  test("at any point of its work leaves what the next run finishes, and no object more", async () => {
    const before = await keysInStore();
    const ids: string[] = [];
    for (const _ of points) ids.push(await storedGsm(system));
    // Each process takes one of the recordings, and none that another one has.
    expect(await Promise.all(points.map(runUntilKilled))).toEqual(points.map(() => ({ signal: "SIGKILL" })));
    const copies = () => Promise.all(ids.map(async (id) => (await copyOf(id))!));
    for (const { state } of await copies()) expect(state).not.toBe("ready");
    await jobsTurnComes();
    await writersTimePasses();
    await workOff("playable_copy");
    expect(await copies()).toMatchObject(ids.map(() => ({ state: "ready", storingUntil: null })));
    const keys = (await copies()).flatMap(({ objectKey }) => [objectKey.replace(".playable", ""), objectKey]);
    expect((await keysInStore()).filter((key) => !before.includes(key))).toEqual(keys.toSorted());
    for (const { recordingId, sha256 } of await copies()) {
      const bytes = await bytesOf(await listen(dpo.cookie, (await grantOf(dpo, recordingId)).url));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256!.toString("hex"));
    }
  });
});

await describeTranscoder("rewrapping", () => {
  test("covers the key of a copy, which plays on with the new key alone", async () => {
    const id = await storedGsm(system);
    await workOff("playable_copy");
    const { objectKey, sha256 } = (await copyOf(id))!;
    const keyOf = async () =>
      (await database().select().from(dataKeys).where(eq(dataKeys.objectKey, objectKey)))[0]!.keyId;
    expect(await keyOf()).toBe("k1");
    const k2 = `k2:${randomBytes(32).toString("base64")}`;
    const rotating = await portalWith({ ENVELOPE_KEYS: `${k2},${process.env.ENVELOPE_KEYS}` });
    expect(await rotating.runRewrap(rotating.job("storage-command"))).toMatchObject({ failed: 0, finished: true });
    expect(await keyOf()).toBe("k2");
    const portal = await portalWith({ ENVELOPE_KEYS: k2 });
    const { url } = await portal.grantOf(dpo, id);
    const bytes = await portal.bytesOf(await portal.listen(dpo.cookie, url));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256!.toString("hex"));
  });
});
