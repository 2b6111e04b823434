import { readAudioCodec } from "@/lib/core/audio-codecs";
import { log } from "@/lib/core/log";
import { decodedDurationMs } from "@/lib/media/decodable-codecs";
import type { JobHandler, JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { beginCopyStorage } from "@/lib/media/playable-copies/begin-copy-storage";
import { readCopySource, type CopySource } from "@/lib/media/playable-copies/read-copy-source";
import { recordCopy, type CopyOutcome } from "@/lib/media/playable-copies/record-copy";
import { soundOf } from "@/lib/media/stored-object";
import { storeMadeFile } from "@/lib/media/made-file";
import { transcodingSandbox, type FoundSandbox } from "@/lib/media/transcoder/find-sandbox";
import { transcodingInput } from "@/lib/media/transcoder/input-format";
import { transcode, type Transcoded } from "@/lib/media/transcoder/transcode";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** A copy must be sent within this time. */
const sendingMs = 5 * 60_000;
/** So long the store may still finish what was sent. */
const arrivalMs = 5 * 60_000;

const copyType = "audio/ogg";

type Found = Extract<FoundSandbox, { version: string }>;
type Ready = Extract<Transcoded, { kind: "ready" }>;

/**
 * Makes the playable copy of one recording, once. One at a time: decoding takes a whole core. A killed attempt leaves
 * at most an object under the copy's key, which the next attempt removes, or the erasure of the recording.
 */
export const playableCopyJob: JobHandler<"playable_copy"> = {
  maxTries: 200,
  timeLimitMs: 50 * 60_000,
  run: async (job) => {
    const found = await transcodingSandbox();
    // Processes without a sandbox do not take these jobs.
    if (!found.sandbox) return { again: 10 * 60_000 };
    const source = await readCopySource(jobContext("playable-copy"), job.payload);
    return source ? makeCopy(found, source, job) : undefined;
  },
};

async function makeCopy(found: Found, source: CopySource, job: JobRun<"playable_copy">): Promise<JobOutcome> {
  const record = (outcome: CopyOutcome) =>
    recordCopy(jobContext("playable-copy"), { ...job.payload, transcoder: found.version, outcome });
  const codec = readAudioCodec(source.codec);
  const input = codec && (await callStore(() => transcodingInput(source.contentType, codec, soundOf(source))));
  if (!input) return void (await record({ kind: "failed", failureCode: "unknown_format" }));
  const { channels, sizeBytes } = source;
  const sound = { ...input, channels, durationMs: decodedDurationMs(source, codec), sizeBytes: sizeBytes! };
  const made = await callStore(() => transcode(found.sandbox, sound, { signal: job.signal }));
  if (made.kind === "failed") {
    if (made.reason === "aborted") return { again: 0 };
    log.warn({ recordingId: job.payload.recordingId, reason: made.reason }, "a recording could not be transcoded");
    return void (await record({ kind: "failed", failureCode: made.reason }));
  }
  try {
    return await storeCopy(source, made, job, record);
  } finally {
    await made.spool.close();
  }
}

async function storeCopy(
  { copyKey }: CopySource,
  made: Ready,
  { payload, lease, signal }: JobRun<"playable_copy">,
  record: (outcome: CopyOutcome) => Promise<unknown>,
): Promise<JobOutcome> {
  const begun = await beginCopyStorage(jobContext("playable-copy"), {
    ...payload,
    lease,
    forMs: sendingMs + arrivalMs,
  });
  if (!begun) return;
  if (begun.waitMs > 0) return { again: begun.waitMs };
  const store = configuredStore();
  const sending = AbortSignal.any([signal, AbortSignal.timeout(sendingMs)]);
  if (begun.hasBegunBefore) await callStore(() => removeEarlier(store, copyKey, begun.earlierVersionId));
  const { sizeBytes, sha256, durationMs } = made;
  // After an error the object may still arrive: the recording's erasure waits until the time is over.
  const file = { contentType: copyType, sizeBytes, sha256, read: () => made.spool.read() };
  const stored = await storeMadeFile(store, copyKey, file, sending);
  if (!stored) return void (await record({ kind: "failed", failureCode: "encryption_missing" }));
  await record({ kind: "ready", ...stored, sizeBytes, sha256, durationMs, contentType: copyType });
}

/** A damaged copy of a held recording is locked. The next one is locked again, once it is recorded. */
async function removeEarlier(store: ObjectStore, copyKey: string, versionId: string | null): Promise<void> {
  if (store.legalHold && versionId)
    await store.legalHold.set(copyKey, versionId, false).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.code !== "not_found") throw error;
    });
  await store.deleteAllVersions(copyKey);
}
