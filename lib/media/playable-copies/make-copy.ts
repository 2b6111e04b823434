import { canonicalAudioType } from "@/lib/core/accepted-audio-types";
import { readAudioCodec, type AudioCodec } from "@/lib/core/audio-codecs";
import { log } from "@/lib/core/log";
import { canDecode } from "@/lib/media/decodable-codecs";
import type { JobHandler, JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { beginCopyStorage } from "@/lib/media/playable-copies/begin-copy-storage";
import { readCopySource, type CopySource } from "@/lib/media/playable-copies/read-copy-source";
import { recordCopy, type CopyOutcome } from "@/lib/media/playable-copies/record-copy";
import { soundOf } from "@/lib/media/stored-object";
import { transcodingSandbox, type FoundSandbox } from "@/lib/media/transcoder/find-sandbox";
import { transcodingInput } from "@/lib/media/transcoder/input-format";
import { transcode, type Transcoded } from "@/lib/media/transcoder/transcode";
import { jobContext } from "@/lib/operation/job-context";
import { streamOf } from "@/lib/storage/byte-streams";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { ObjectStore } from "@/lib/storage/object-store";
import { storedEncryption } from "@/lib/storage/stored-encryption";
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

/** Of sound that the portal decoded itself; else null. What a header or another run of ffmpeg says may be wrong. */
function decodedDurationMs({ contentType, durationMs }: CopySource, codec: AudioCodec): number | null {
  return canDecode(canonicalAudioType(contentType)!, codec) ? durationMs : null;
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
  const put = () => {
    const pieces = whileAllowed(made.spool.read(), sending);
    const body = streamOf(
      pieces,
      async () => undefined,
      (error) => error,
    );
    return store.put(copyKey, body, { contentType: copyType, sizeBytes, sha256, ifNoneMatch: "*" });
  };
  // After an error the object may still arrive: the recording's erasure waits until the time is over.
  const stored = await callStore(() =>
    put().catch(async (error: unknown) => {
      if (!(error instanceof StoreError) || error.code !== "already_exists") throw error;
      // Of a database that was restored since: nothing else writes under this key.
      await store.deleteAllVersions(copyKey);
      return put();
    }),
  );
  const facts = await callStore(() => store.head(copyKey, stored.versionId ?? undefined));
  if (facts?.sizeBytes !== sizeBytes) throw new StoreError("integrity", "The stored copy has another size.");
  if (storedEncryption(facts.encryption)?.algorithm === "none" && !store.acceptsUnencrypted) {
    await callStore(() => store.deleteAllVersions(copyKey));
    return void (await record({ kind: "failed", failureCode: "encryption_missing" }));
  }
  await record({
    ...{ kind: "ready", objectVersionId: stored.versionId, objectEtag: facts.etag, sizeBytes, sha256, durationMs },
    contentType: copyType,
  });
}

/** A damaged copy of a held recording is locked. The next one is locked again, once it is recorded. */
async function removeEarlier(store: ObjectStore, copyKey: string, versionId: string | null): Promise<void> {
  if (store.legalHold && versionId)
    await store.legalHold.set(copyKey, versionId, false).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.code !== "not_found") throw error;
    });
  await store.deleteAllVersions(copyKey);
}

/** Ends the body, and with it the request, once the time is over or the lease is lost. */
async function* whileAllowed(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}
