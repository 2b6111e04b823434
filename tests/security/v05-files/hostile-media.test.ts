import { readFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, recordings } from "@/lib/db/schema";
import { claimJobs } from "@/lib/jobs/claim-jobs";
import { listJobs } from "@/lib/jobs/list-jobs";
import { retryJob } from "@/lib/jobs/retry-job";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { readHealth } from "@/lib/overview/read-health";
import { audioOf } from "../../support/audio-fixtures";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { operator } from "../../support/people";
import { root } from "../../support/source-files";
import { phoneSystem, recordingRow, storedRecording, type PhoneSystem } from "../../support/uploads";

const fixture = (name: string) => readFileSync(path.join(root, "tests/fixtures/audio", name));

/** An MP4 whose headers claim so many days of sound. */
function mp4Of(days: number): Buffer {
  const bytes = Buffer.from(fixture("other-aac.m4a"));
  for (const name of ["mvhd", "mdhd"]) {
    const at = bytes.indexOf(name);
    bytes.writeUInt32BE(1000, at + 16);
    bytes.writeUInt32BE(days * 86_400_000, at + 20);
  }
  return bytes;
}

/** A FLAC of frames of 32,768 equal samples: 12 bytes stand for each. */
function denseFlac(sizeBytes: number): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(32_768, 0);
  info.writeUInt16BE(32_768, 2);
  // 48,000 Hz (20 bits), 1 channel (3), 16 bits (5), unknown length.
  info.writeUInt32BE(((48_000 << 12) | (15 << 4)) >>> 0, 10);
  const parts: Uint8Array[] = [Buffer.from("fLaC"), Buffer.from([0x80, 0, 0, 34]), info];
  for (let [number, size] = [0, 42]; size < sizeBytes; number += 1) {
    const frame = constantFrame(number);
    size += frame.length;
    parts.push(frame);
  }
  return Buffer.concat(parts);
}

function constantFrame(number: number): Buffer {
  // Sync, fixed blocks; 32,768 samples at 48,000 Hz; 1 channel of 16 bits.
  const head = [0xff, 0xf8, 0xfa, 0x08, ...Buffer.from(String.fromCodePoint(number))];
  const body = [...head, crc(head, 0x07, 8), 0, 0, 0];
  const check = crc(body, 0x8005, 16);
  return Buffer.from([...body, check >> 8, check & 0xff]);
}

function crc(bytes: readonly number[], polynomial: number, bits: number): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit += 1) value = value & (1 << (bits - 1)) ? (value << 1) ^ polynomial : value << 1;
    value &= (1 << bits) - 1;
  }
  return value;
}

async function* whole(bytes: Uint8Array) {
  yield bytes;
}
const fileOf = (bytes: Buffer) => ({ sizeBytes: bytes.length, read: (from: number) => whole(bytes.subarray(from)) });

describe("a file of few bytes and much sound", () => {
  test("is given up by its samples for each byte, in seconds, and the worker measures the next", async () => {
    expect(await computeWaveform(fileOf(denseFlac(72 * 1024)))).toMatchObject({
      kind: "unavailable",
      reason: "too_dense",
    });
    expect(await computeWaveform(fileOf(fixture("other-flac.flac")))).toMatchObject({ kind: "ready" });
  });

  test("has a time in proportion to its size", async () => {
    const dense = fileOf(denseFlac(48 * 1024));
    const late = { kind: "unavailable", reason: "timed_out" };
    expect(await computeWaveform(dense, { workLimitMs: 150, maximumSamples: Infinity })).toMatchObject(late);
    expect(await computeWaveform(fileOf(fixture("other-flac.flac")))).toMatchObject({ kind: "ready" });
  });

  test("a few frames of it are sound", async () => {
    expect(await computeWaveform(fileOf(denseFlac(200)))).toMatchObject({ kind: "ready", channels: 1 });
  });
});

describe("in custody", () => {
  let system: PhoneSystem;
  beforeAll(async () => void (system = await phoneSystem()));

  const upload = (bytes: Buffer, contentType: string) =>
    storedRecording(system, audioOf("hostile", bytes, contentType));

  test("an MP4 that claims 30 days of sound is measured once, by its sound", async () => {
    const id = await upload(mp4Of(30), "audio/mp4");
    await workOff("waveform");
    const { waveformState, durationMs } = (await recordingRow(id))!;
    expect(waveformState).not.toBe("waiting");
    expect(durationMs === null || durationMs < 2 ** 31).toBe(true);
    expect(await database().$count(jobs, eq(jobs.kind, "waveform"))).toBe(0);
  });

  test("a file that ended the process twice is given up and said; an administrator tries again", async () => {
    const id = await upload(fixture("other-flac.flac"), "audio/flac");
    for (let death = 0; death < 2; death += 1) {
      await jobsTurnComes();
      expect(await claimJobs([{ kind: "waveform", busyLanes: [], leaseMs: 1 }])).toHaveLength(1);
    }
    await jobsTurnComes();
    await workOff("waveform");
    expect(await recordingRow(id)).toMatchObject({ waveformState: "unavailable", waveformFailure: "gave_up" });
    const { rows } = await listJobs(operator(), { state: "failed" });
    expect(rows).toMatchObject([{ kind: "waveform", lastError: "gave_up" }]);
    expect(await readHealth()).toMatchObject({ problems: expect.arrayContaining(["waveform_given_up"]) as string[] });

    await retryJob(operator(), { jobId: rows[0]!.id });
    await workOff("waveform");
    expect(await recordingRow(id)).toMatchObject({ waveformState: "ready", waveformFailure: null });
    expect(JSON.stringify(await readHealth())).not.toContain("waveform_given_up");
  });

  test("one death alone gives nothing up", async () => {
    const id = await upload(fixture("other-flac.ogg"), "audio/ogg");
    await jobsTurnComes();
    await claimJobs([{ kind: "waveform", busyLanes: [], leaseMs: 1 }]);
    await jobsTurnComes();
    await workOff("waveform");
    expect(await recordingRow(id)).toMatchObject({ waveformState: "ready" });
  });

  test("short calls come before long ones that arrived with them", async () => {
    const id = await upload(fixture("call-20-mp3-mono.mp3"), "audio/mpeg");
    const [job] = await database().select().from(jobs).where(eq(jobs.key, id));
    expect(job!.runAt.getTime()).toBeLessThanOrEqual(Date.now());
    await database()
      .update(recordings)
      .set({ sizeBytes: 2 ** 30 })
      .where(eq(recordings.id, id));
    const { smallFilesFirst } = await import("@/lib/uploads/upload-end");
    const [due] = await database()
      .select({ at: smallFilesFirst(id) })
      .from(recordings)
      .where(eq(recordings.id, id));
    expect(new Date(String(due!.at)).getTime()).toBeGreaterThan(Date.now() + 40_000);
  });
});
