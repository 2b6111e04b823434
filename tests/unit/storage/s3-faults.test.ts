import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { collectStream } from "../../support/collect-stream";

interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
  cutAfter?: boolean;
  /** Takes the request and never answers. */
  hangs?: boolean;
}

/** An S3 endpoint at the network edge with the answers of the test. */
async function storeAnswering(
  answer: (request: IncomingMessage, body: string) => Answer,
  limits: { idleTimeoutMs?: number; attempts?: number } = {},
) {
  server = createServer(async (request, response) => {
    const { status, body = "", headers = {}, cutAfter, hangs } = answer(request, await text(request));
    if (hangs) return;
    response.writeHead(status, { "content-type": "application/xml", ...headers });
    if (!cutAfter) return response.end(request.method === "HEAD" ? undefined : body);
    response.write(body, () => response.destroy());
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  return createObjectStore({
    kind: "s3",
    endpoint,
    region: "x",
    bucket: "b",
    credentials,
    forcePathStyle: true,
    encryption: { kind: "none" },
    profile: "aws",
    ...limits,
  });
}
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const failure = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`;
const versions = (...ids: string[]) =>
  `<?xml version="1.0"?><ListVersionsResult><IsTruncated>false</IsTruncated>${ids
    .map((id) => `<Version><Key>k/1</Key><VersionId>${id}</VersionId></Version>`)
    .join("")}</ListVersionsResult>`;
const noUploads =
  '<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>' + "</ListMultipartUploadsResult>";
const deleteErrors = (code: string, id: string) =>
  `<?xml version="1.0"?><DeleteResult><Error><Key>k/1</Key>` +
  `<VersionId>${id}</VersionId><Code>${code}</Code></Error></DeleteResult>`;

describe("S3 answers", () => {
  it.each([
    [404, "NoSuchKey", "not_found", false],
    [404, "NoSuchBucket", "unavailable", true],
    [403, "AccessDenied", "forbidden", false],
    [403, "ExpiredToken", "forbidden", false],
    [412, "PreconditionFailed", "precondition_failed", false],
    [416, "InvalidRange", "range_not_satisfiable", false],
    [501, "NotImplemented", "not_supported", false],
    [503, "SlowDown", "throttled", true],
    [500, "InternalError", "unavailable", true],
  ])("maps %i %s to %s", async (status, code, expected, retryable) => {
    const store = await storeAnswering(() => ({ status, body: failure(code) }));
    await expect(store.readRange("k/1", { start: 0, endInclusive: 1 })).rejects.toMatchObject({
      name: "StoreError",
      code: expected,
      retryable,
    });
  });

  it("reports unavailable when nobody answers", async () => {
    const store = await storeAnswering(() => ({ status: 200 }));
    server!.closeAllConnections();
    await new Promise((resolve) => server!.close(resolve));
    await expect(store.head("k/1")).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("are asked for again over a new connection when a kept one gives none within seconds", async () => {
    const seen: string[] = [];
    const list = "<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    const store = await storeAnswering(({ method, url, headers: { connection } }): Answer => {
      seen.push(`${method} ${url!.split("?")[0]} ${connection}`);
      if (connection === "keep-alive") return { status: 200, hangs: true };
      return method === "HEAD" ? { status: 200, headers: { "content-length": "7" } } : { status: 200, body: list };
    });
    const [facts, page] = await Promise.all([store.head("k/1"), store.list({ prefix: "k/", limit: 1 })]);
    expect([facts!.sizeBytes, page.objects]).toEqual([7, []]);
    const once = ["GET /b/ close", "GET /b/ keep-alive", "HEAD /b/k/1 close", "HEAD /b/k/1 keep-alive"];
    expect(seen.sort()).toEqual(once);
  });

  it("that never come are timed out, and a write is sent no second time", async () => {
    const seen: string[] = [];
    const hang = ({ method }: IncomingMessage): Answer => (seen.push(method!), { status: 200, hangs: true });
    const store = await storeAnswering(hang, { idleTimeoutMs: 200, attempts: 1 });
    await expect(store.head("k/1")).rejects.toMatchObject({ code: "timed_out", retryable: true });
    await expect(
      store.put("k/1", Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: null }),
    ).rejects.toMatchObject({ code: "timed_out" });
    expect(seen).toEqual(["HEAD", "HEAD", "PUT"]);
  });

  it("of 500 to a range behind the end are not satisfiable, by the size that HEAD tells", async () => {
    const sizes = { "content-length": "10", etag: '"e"' };
    const store = await storeAnswering(
      ({ method }) =>
        method === "HEAD" ? { status: 200, headers: sizes } : { status: 500, body: failure("InternalError") },
      { attempts: 1 },
    );
    const read = (start: number, ifMatch: string) =>
      store.readRange("k/1", { start, endInclusive: 20 }, { ifMatch }).catch((error: { code: string }) => error.code);
    expect(await read(10, "e")).toBe("range_not_satisfiable");
    expect(await read(10, "other")).toBe("precondition_failed");
    expect(await read(9, "e")).toBe("unavailable");
  });

  it("retries what a 200 of DeleteObjects did not delete", async () => {
    const left = new Set(["v1", "v2"]);
    let deletes = 0;
    const store = await storeAnswering((request, body) => {
      if (request.url!.includes("uploads")) return { status: 200, body: noUploads };
      if (request.method === "GET") return { status: 200, body: versions(...left) };
      deletes += 1;
      const failing = deletes === 1 ? "v2" : "none";
      for (const id of ["v1", "v2"]) if (body.includes(`>${id}<`) && id !== failing) left.delete(id);
      return { status: 200, body: deletes === 1 ? deleteErrors("InternalError", "v2") : "<DeleteResult/>" };
    });
    expect(await store.deleteAllVersions("k/1")).toEqual({
      versionsDeleted: 2,
      deleteMarkersDeleted: 0,
      unfinishedUploadsAborted: 0,
    });
    expect(deletes).toBe(2);
  });

  it("does not report a locked object as deleted", async () => {
    const store = await storeAnswering((request) => {
      if (request.url!.includes("uploads")) return { status: 200, body: noUploads };
      return { status: 200, body: request.method === "GET" ? versions("v1") : deleteErrors("AccessDenied", "v1") };
    });
    await expect(store.deleteAllVersions("k/1")).rejects.toMatchObject({ code: "forbidden", retryable: false });
  });

  it("does not trust an empty list of a store that hides a certain object", async () => {
    const store = await storeAnswering((request) => ({
      status: 200,
      body: request.url!.includes("uploads") ? noUploads : versions(),
    }));
    await expect(store.proveAbsence("k/1")).rejects.toMatchObject({ code: "integrity" });
  });

  it("fails a range that ends early", async () => {
    const headers = { "content-range": "bytes 0-99/100", "content-length": "100" };
    const store = await storeAnswering(() => ({ status: 206, headers, body: "x".repeat(50), cutAfter: true }));
    const { stream } = await store.readRange("k/1", { start: 0, endInclusive: 99 });
    await expect(collectStream(stream)).rejects.toMatchObject({ name: "StoreError", retryable: true });
  });

  it("refuses a store that ignores the range", async () => {
    const store = await storeAnswering(() => ({ status: 200, body: "whole object" }));
    await expect(store.readRange("k/1", { start: 0, endInclusive: 1 })).rejects.toMatchObject({ code: "integrity" });
  });
});
