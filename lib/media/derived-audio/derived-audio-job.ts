import { createHash } from "node:crypto";
import { readAudioCodec } from "@/lib/core/audio-codecs";
import { log } from "@/lib/core/log";
import type { JobHandler, JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { decodedDurationMs } from "@/lib/media/decodable-codecs";
import { beginDerivedStorage } from "@/lib/media/derived-audio/begin-derived-storage";
import { deriveAudio, type DerivedAudio } from "@/lib/media/derived-audio/derive-audio";
import { readDerivedSource, type DerivedSource } from "@/lib/media/derived-audio/read-derived-source";
import { recordDerived, type DerivedOutcome } from "@/lib/media/derived-audio/record-derived";
import { storeMadeFile } from "@/lib/media/made-file";
import { soundOf } from "@/lib/media/stored-object";
import { transcodingSandbox, type FoundSandbox } from "@/lib/media/transcoder/find-sandbox";
import { transcodingInput } from "@/lib/media/transcoder/input-format";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/** A file must be sent within the first half of this time; in the second the store may finish what was sent. */
const storingMs = 20 * 60_000;

const contentType = "audio/wav";

type Found = Extract<FoundSandbox, { version: string }>;

/**
 * Makes the audio that somebody ordered for a data-subject request, once. A killed attempt leaves at most an object
 * under the key of its row, which the next attempt removes, or the deletion.
 */
export const derivedAudioJob: JobHandler<"derived_audio"> = {
  maxTries: 50,
  timeLimitMs: 60 * 60_000,
  run: async (job) => {
    const found = await transcodingSandbox();
    // Processes without a sandbox do not take these jobs.
    if (!found.sandbox) return { again: 10 * 60_000 };
    const source = await readDerivedSource(jobContext("derived-audio"), job.payload);
    return source ? make(found, source, job) : undefined;
  },
};

async function make(found: Found, source: DerivedSource, job: JobRun<"derived_audio">): Promise<JobOutcome> {
  const record = (outcome: DerivedOutcome) =>
    recordDerived(jobContext("derived-audio"), { ...job.payload, transcoder: found.version, outcome });
  const fail = async (failureCode: string) => void (await record({ kind: "failed", failureCode }));
  if (source.blockedAt) return fail("recording_blocked");
  if (source.quarantine === "quarantined") return fail("recording_quarantined");
  const codec = readAudioCodec(source.codec);
  const input = codec && (await callStore(() => transcodingInput(source.contentType, codec, soundOf(source))));
  if (!input) return fail("unknown_format");
  const { channels, keptChannel, silences, sizeBytes } = source;
  const sound = { ...input, channels, durationMs: decodedDurationMs(source, codec), sizeBytes: sizeBytes! };
  const read = () => verified(sound.read(), source);
  const made = await callStore(() =>
    deriveAudio(found.sandbox, { ...sound, read }, { keptChannel, silences }, { signal: job.signal }),
  );
  if (made.kind === "failed") {
    if (made.reason === "aborted") return { again: 0 };
    log.warn({ ...job.payload, reason: made.reason }, "audio for a request could not be made");
    return fail(made.reason);
  }
  try {
    return await store(source, made, job, record);
  } finally {
    await made.close();
  }
}

/** Fails at its end if these are the bytes of the whole recording, and not those that were stored. */
async function* verified(pieces: AsyncIterable<Uint8Array>, { sizeBytes, sha256 }: DerivedSource) {
  const hash = createHash("sha256");
  let passed = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    passed += piece.length;
    yield piece;
  }
  // Some formats are read in another container, or in pieces.
  if (passed === sizeBytes && sha256 && !hash.digest().equals(sha256))
    throw new StoreError("integrity", "The stored object is not the one that was stored.");
}

async function store(
  { derivedKey }: DerivedSource,
  { sizeBytes, sha256, durationMs, read }: DerivedAudio,
  { payload, lease, signal }: JobRun<"derived_audio">,
  record: (outcome: DerivedOutcome) => Promise<unknown>,
): Promise<JobOutcome> {
  const begun = await beginDerivedStorage(jobContext("derived-audio"), { ...payload, lease, forMs: storingMs });
  if (!begun) return;
  if (begun.waitMs > 0) return { again: begun.waitMs };
  const sending = AbortSignal.any([signal, AbortSignal.timeout(storingMs / 2)]);
  if (begun.hasBegunBefore) await callStore(() => configuredStore().deleteAllVersions(derivedKey));
  const file = { contentType, sizeBytes, sha256, read };
  const stored = await storeMadeFile(configuredStore(), derivedKey, file, sending);
  if (!stored) return void (await record({ kind: "failed", failureCode: "encryption_missing" }));
  await record({ kind: "ready", ...stored, contentType, sizeBytes, sha256, durationMs });
}
