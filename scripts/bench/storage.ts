import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteObjectsCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { and, desc, eq, sql } from "drizzle-orm";
import pLimit from "p-limit";
import { jobContext } from "@/lib/operation/job-context";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { importRecordings } from "@/scripts/recordings/import-recordings";
import { inMebibytes, interleave, MEBIBYTE, rate, type BenchRow } from "./bench-row";
import { benchGateway } from "./gateway";
import { calls, writeNoise } from "./storage-fixtures";

const concurrency = 8;
/** Sizes of calls of five minutes and of one, as Asterisk writes them: 8 kHz, 16 bit, one channel. */
const callBytes = { long: 300 * 16_000, short: 60 * 16_000 };
/** Enough for a program that runs for minutes: with few calls, most of the time goes to compiling it. */
const importedCalls = { long: 64, short: 640 };
const sweptRecordings = 250;

type S3Env = Extract<ReturnType<typeof env>, { STORE: "s3" }>;

/** The portal on a real S3 server, compared with the bare SDK on the same server. */
export async function benchStorage(): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-bench-audio-"));
  const settings = env() as S3Env;
  const credentials = { accessKeyId: settings.S3_ACCESS_KEY_ID!, secretAccessKey: settings.S3_SECRET_ACCESS_KEY! };
  const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: Bucket, S3_KMS_KEY_ID: SSEKMSKeyId } = settings;
  const client = new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const put = (Key: string, file: string) =>
    client.send(
      new PutObjectCommand({ Bucket, Key, Body: readFileSync(file), ServerSideEncryption: "aws:kms", SSEKMSKeyId }),
    );
  const portal = { baseUrl: settings.NEXTAUTH_URL, apiKey: readFileSync(process.env.API_KEY_FILE!, "utf8").trim() };
  const imported = async (files: string[], count: number, daysAgo: number) => {
    const { stored, failures } = await importRecordings(portal, calls(files, count, daysAgo), { concurrency });
    if (stored !== count) throw new Error(`imported ${stored} of ${count}: ${failures[0]?.problem}`);
  };
  /** Waits until the portal has computed all waveforms: otherwise they would slow down the baseline. */
  const waitForWaveforms = async () => {
    while (
      (await database().$count(
        recordings,
        and(eq(recordings.state, "stored"), eq(recordings.waveformState, "waiting")),
      )) > 0
    )
      await sleep(100);
  };
  let prefix = 0;
  const bare = async (files: string[], count: number) => {
    const keys = Array.from({ length: count }, (_, index) => `bare/${prefix}-${index}`);
    prefix += 1;
    const limit = pLimit(concurrency);
    await Promise.all(keys.map((key, index) => limit(() => put(key, files[index % files.length]!))));
    return keys;
  };
  try {
    const importing = async (kind: keyof typeof callBytes) => {
      const [sizeBytes, count] = [callBytes[kind], importedCalls[kind]];
      const files = Array.from({ length: 4 }, (_, index) => writeNoise(folder, `${sizeBytes}-${index}.wav`, sizeBytes));
      const ours = async () => {
        const rateOfImport = await rate(count * sizeBytes, () => imported(files, count, 1));
        await waitForWaveforms();
        return rateOfImport;
      };
      const baseline = () => rate(count * sizeBytes, () => bare(files, count));
      // Warm-up: a full round, so that Node.js has compiled both programs.
      await ours();
      await baseline();
      return interleave(3, ours, baseline);
    };
    const [short, long] = [await importing("short"), await importing("long")];

    const halfHour = writeNoise(folder, "half-hour.wav", 32 * MEBIBYTE);
    await imported([halfHour], 1, 1);
    await waitForWaveforms();
    const [{ id, objectKey } = { id: "", objectKey: "" }] = await database()
      .select({ id: recordings.id, objectKey: recordings.objectKey })
      .from(recordings)
      .where(eq(recordings.state, "stored"))
      .orderBy(desc(recordings.sizeBytes))
      .limit(1);
    const reading = await benchGateway(
      { client, Bucket: Bucket!, baseUrl: settings.NEXTAUTH_URL },
      { id, objectKey: objectKey!, sizeBytes: 32 * MEBIBYTE },
    );

    // Deletes the due recordings of the example data first.
    await endLinks();
    await runWholeRetention();
    const small = [writeNoise(folder, "small.wav", 20_000)];
    const sweeping = await interleave(
      3,
      () => sweep(() => imported(small, sweptRecordings, 4_000)),
      async () => {
        const keys = await bare(small, sweptRecordings);
        return rate(sweptRecordings, () => deleteBare(client, Bucket, keys));
      },
    );
    return [
      {
        what: "import command / bare SDK PUT loop, same concurrency, calls of five minutes",
        unit: "MiB/s",
        ...inMebibytes(long),
        better: "larger",
        must: 0.9,
        aim: 0.95,
      },
      {
        what: "the same with calls of one minute, where the requests outweigh the bytes",
        unit: "MiB/s",
        ...inMebibytes(short),
        better: "larger",
        must: 0.8,
        aim: 0.95,
      },
      ...reading,
      {
        what: "retention sweep / bare SDK loop that deletes the same number of versions",
        unit: "recordings/s",
        ...sweeping,
        better: "larger",
        must: 0.5,
        aim: 0.8,
      },
    ];
  } finally {
    client.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Expires all upload links, and the days during which retention leaves a new recording alone. */
const endLinks = async () => {
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '2 hours'` });
  await database()
    .update(recordings)
    .set({ storedAt: sql`${recordings.storedAt} - interval '30 days'` });
};
/** Runs retention to its end. Returns the number of deleted recordings. */
const runWholeRetention = async () =>
  (await runRetention(jobContext("retention"), { stores: configuredStores(), signal: AbortSignal.timeout(300_000) }))
    .deleted;

async function sweep(upload: () => Promise<void>): Promise<number> {
  await upload();
  await endLinks();
  return rate(sweptRecordings, async () => {
    const deleted = await runWholeRetention();
    if (deleted !== sweptRecordings) throw new Error(`deleted ${deleted} of ${sweptRecordings}`);
  });
}

/** Lists the versions and deletes them in one request of the SDK, without verifying anything. */
async function deleteBare(client: S3Client, Bucket: string, keys: string[]): Promise<void> {
  const { Versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket, Prefix: keys[0]!.slice(0, keys[0]!.indexOf("-") + 1) }),
  );
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: Versions.map(({ Key, VersionId }) => ({ Key: Key!, VersionId })), Quiet: true },
    }),
  );
  if (Versions.length !== keys.length || Errors.length > 0) throw new Error("the bare loop did not delete everything");
}
