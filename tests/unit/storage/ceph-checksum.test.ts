import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { verifyUpload } from "@/lib/uploads/upload-verdict";
import { objectChecks } from "@/lib/storage-checks/object-checks";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { smallAudio } from "../../support/audio-fixtures";

const checksumHeader = "x-amz-checksum-sha256";
const algorithmHeader = "x-amz-sdk-checksum-algorithm";
type Version = "16.2" | "20.2" | "that verifies nothing";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Ceph at the network edge, as measured: checksums only, without signatures. */
async function ceph(version: Version) {
  const objects = new Map<string, { body: Buffer; checksum: string | null }>();
  const seen: { method: string; range: string | undefined; headers: IncomingHttpHeaders }[] = [];
  server = createServer(async (incoming, outgoing) => {
    const { method, headers } = incoming;
    const body = await buffer(incoming);
    const key = incoming.url!.split("?")[0]!;
    seen.push({ method: method!, range: headers.range, headers });
    const refuse = (status: number, code: string) =>
      outgoing.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
    if (method === "PUT") {
      const sent =
        version !== "16.2" && headers[algorithmHeader] === "SHA256" ? (headers[checksumHeader] as string) : null;
      const isWrong = sent !== null && sent !== createHash("sha256").update(body).digest("base64");
      if (isWrong && version === "20.2") return refuse(400, "BadDigest");
      objects.set(key, { body, checksum: sent });
      return outgoing.writeHead(200, { etag: '"e"', ...(sent ? { [checksumHeader]: sent } : {}) }).end();
    }
    const found = objects.get(key);
    if (!found) return refuse(404, "NoSuchKey");
    const isHead = method === "HEAD";
    const [start = 0, end = Infinity] =
      /(\d+)-(\d+)/
        .exec(headers.range ?? "")
        ?.slice(1)
        .map(Number) ?? [];
    const bytes = isHead ? found.body : found.body.subarray(start, end + 1);
    outgoing.writeHead(isHead ? 200 : 206, {
      "content-length": bytes.length,
      etag: '"e"',
      ...(isHead ? {} : { "content-range": `bytes ${start}-${start + bytes.length - 1}/${found.body.length}` }),
      ...(isHead && found.checksum && headers["x-amz-checksum-mode"] ? { [checksumHeader]: found.checksum } : {}),
    });
    outgoing.end(isHead ? undefined : bytes);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const config: S3StoreConfig = {
    kind: "s3",
    profile: "ceph",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "x",
    bucket: "b",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    forcePathStyle: true,
    encryption: { kind: "none" },
  };
  return { seen, config, store: createObjectStore(config) };
}

/** Longer than what is read to tell the kind of audio. */
const bytes = Buffer.concat([smallAudio().bytes, Buffer.alloc(200_000)]);
const audio = {
  bytes,
  contentType: smallAudio().contentType,
  sizeBytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
};
const checksum = Buffer.from(audio.sha256, "hex").toString("base64");
const request = { key: "k/1", contentType: "audio/wav", sizeBytes: audio.sizeBytes, sha256: audio.sha256 };

async function sentByLink({ store }: Awaited<ReturnType<typeof ceph>>, { asBefore = false } = {}) {
  const { url, headers } = await store.signUpload({ ...request, expiresInSeconds: 60 });
  expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toContain(algorithmHeader);
  const { [algorithmHeader]: algorithm, ...others } = headers;
  expect(algorithm).toBe("SHA256");
  const answer = await fetch(url, {
    method: "PUT",
    headers: asBefore ? others : headers,
    body: new Uint8Array(audio.bytes),
  });
  expect(answer.status).toBe(200);
}

const verdict = ({ store }: Awaited<ReturnType<typeof ceph>>) =>
  verifyUpload(store, {
    objectKey: "k/1",
    contentType: audio.contentType,
    sizeBytes: audio.sizeBytes,
    sha256: Buffer.from(audio.sha256, "hex"),
  });

describe("an upload by link to Ceph", () => {
  it("is not read back where Ceph verifies the checksum: only the first bytes are", async () => {
    const edge = await ceph("20.2");
    await sentByLink(edge);
    expect(await verdict(edge)).toMatchObject({ kind: "verified" });
    const reads = edge.seen.filter(({ method }) => method === "GET");
    expect(reads).toHaveLength(1);
    expect(Number(reads[0]!.range!.split("-")[1])).toBeLessThan(audio.sizeBytes - 1);
  });

  it.each<[string, Version, { asBefore: boolean }]>([
    ["ignores it", "16.2", { asBefore: false }],
    ["was not told the algorithm, by a link signed before", "20.2", { asBefore: true }],
  ])("is read back where Ceph %s", async (_what, version, how) => {
    const edge = await ceph(version);
    await sentByLink(edge, how);
    expect((await edge.store.head("k/1"))!.sha256).toBeNull();
    expect(await verdict(edge)).toMatchObject({ kind: "verified" });
    const reads = edge.seen.filter(({ method }) => method === "GET").map(({ range }) => range);
    expect(reads).toContain(`bytes=0-${audio.sizeBytes - 1}`);
  });
});

it.each([
  ["bytes", () => audio.bytes],
  ["a stream", () => new Blob([new Uint8Array(audio.bytes)]).stream()],
])("the portal's own write of %s names the algorithm beside the checksum", async (_what, body) => {
  const { store, seen } = await ceph("20.2");
  const put = { contentType: "audio/wav", ifNoneMatch: null, sizeBytes: audio.sizeBytes, sha256: audio.sha256 };
  expect(await store.put("k/1", body(), put)).toMatchObject({ sha256: audio.sha256 });
  expect((await store.head("k/1"))!.sha256).toBe(audio.sha256);
  const { headers } = seen.find(({ method }) => method === "PUT")!;
  expect(headers).toMatchObject({ [algorithmHeader]: "SHA256", [checksumHeader]: checksum });
  for (const name of ["x-amz-trailer", "content-encoding"]) expect(headers).not.toHaveProperty(name);
});

it.each<[Version, object]>([
  ["16.2", { outcome: "unsupported", detail: "portal_reads_back" }],
  ["20.2", { outcome: "holds" }],
  ["that verifies nothing", { outcome: "fails", detail: "not_verified" }],
])("the storage check tells whether Ceph %s verifies and reports the checksum", async (version, expected) => {
  const { store, config } = await ceph(version);
  let made = 0;
  const under = { store, bucket: config, portalOrigin: "https://portal.example", settings: [] };
  const newKey = () => `custodia-check/${(made += 1)}`;
  expect(await objectChecks.content_hash_reported!({ ...under, newKey })).toMatchObject(expected);
});
