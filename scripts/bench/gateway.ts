import { spawn } from "node:child_process";
import { Agent, get } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { inMebibytes, interleave, MEBIBYTE, rate, type BenchRow } from "./bench-row";
import { supervisorSession } from "./routes";

const reads = 4;

type Stored = { id: string; objectKey: string; sizeBytes: number };
type Source = { client: S3Client; Bucket: string; baseUrl: string };

/** Reads a recording through the portal, with the bare SDK, and through a server that only pipes. */
export async function benchGateway(
  { client, Bucket, baseUrl }: Source,
  { id, objectKey: Key, sizeBytes }: Stored,
): Promise<BenchRow[]> {
  const agent = new Agent({ keepAlive: true });
  const url = await playbackUrl(baseUrl, id);
  const piping = spawn(process.execPath, [
    path.join(import.meta.dirname, "pipe-server.mjs"),
    await getSignedUrl(client, new GetObjectCommand({ Bucket, Key })),
  ]);
  const pipe = await new Promise<string>((resolve) => createInterface({ input: piping.stdout }).once("line", resolve));
  const read = (start: () => Promise<AsyncIterable<Uint8Array>>) =>
    rate(reads * sizeBytes, async () => {
      for (let time = 0; time < reads; time += 1) await readAll(await start(), sizeBytes);
    });
  // The HTTP client that the SDK uses, so that only the server differs.
  const fetchWith = (address: string | URL, headers: Record<string, string>) =>
    new Promise<AsyncIterable<Uint8Array>>(
      (resolve, reject) => void get(address, { agent, headers }, resolve).on("error", reject),
    );
  const viaPortal = () => read(() => fetchWith(url.address, { cookie: url.cookie, range: "bytes=0-" }));
  const viaPipe = () => read(() => fetchWith(pipe, {}));
  const viaSdk = () =>
    read(
      async () =>
        (await client.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=0-" }))).Body as AsyncIterable<Uint8Array>,
    );
  const asRow = { unit: "MiB/s", better: "larger" as const };
  try {
    await viaPortal();
    const toSdk = inMebibytes(await interleave(5, viaPortal, viaSdk));
    const toPipe = inMebibytes(await interleave(5, viaPortal, viaPipe));
    return [
      { what: "gateway delivery / the same range read by the bare SDK", ...asRow, ...toSdk, must: 0.6, aim: 0.9 },
      { what: "gateway delivery / a server that only pipes the object", ...asRow, ...toPipe, must: 0.7, aim: 0.95 },
    ];
  } finally {
    piping.kill();
    agent.destroy();
  }
}

async function readAll(body: AsyncIterable<Uint8Array>, expected: number): Promise<void> {
  let seen = 0;
  for await (const piece of body) seen += piece.length;
  if (seen !== expected) throw new Error(`read ${seen / MEBIBYTE} MiB, expected ${expected / MEBIBYTE}`);
}

async function playbackUrl(baseUrl: string, recordingId: string): Promise<{ address: URL; cookie: string }> {
  const { cookie } = await supervisorSession();
  const headers = { "content-type": "application/json", origin: new URL(baseUrl).origin, cookie };
  const answer = await fetch(`${baseUrl}/api/recordings/${recordingId}/playback-grants`, {
    method: "POST",
    headers,
    body: JSON.stringify({ purpose: "quality_supervision", reference: "bench" }),
  });
  return { address: new URL(((await answer.json()) as { url: string }).url, baseUrl), cookie };
}
