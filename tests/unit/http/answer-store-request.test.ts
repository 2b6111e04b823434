import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handle } from "@/lib/http/route";
import { answerStoreRequest } from "@/lib/http/bytes/store-request-answer";
import type { DiskStore } from "@/lib/storage/disk/disk-store";
import { incomingPath } from "@/lib/storage/disk/disk-layout";
import { createObjectStore } from "@/lib/storage/store-from-config";

let store: DiskStore;
let rootPath: string;
const bytes = randomBytes(1000);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const key = "recordings/1";

beforeAll(async () => {
  rootPath = await mkdtemp(path.join(tmpdir(), "custodia-store-"));
  const keys = [{ id: "k", secret: randomBytes(32) }] as const;
  store = createObjectStore({
    kind: "disk",
    rootPath,
    encryptionKeys: keys,
    linkSigningKeys: keys,
    publicBaseUrl: "http://localhost:3000/",
  });
  await store.put(key, bytes, { contentType: "audio/wav", ifNoneMatch: "*" });
});
afterAll(() => rm(rootPath, { recursive: true }));

/** As the portal's route answers it. */
const answer = (request: Request, asked: string) =>
  handle(() => answerStoreRequest(store, request, asked))(request, { params: Promise.resolve({}) });

async function get(headers: Record<string, string> = {}, method = "GET") {
  const { url } = await store.signDownload({ key, expiresInSeconds: 60 });
  return answer(new Request(url, { method, headers }), key);
}
/** Cancels the body, which closes the file. */
async function headOf(response: Promise<Response>) {
  const { status, headers, body } = await response;
  await body?.cancel();
  return { status, headers };
}
async function put(uploadKey: string, headers: Record<string, string>, body: Uint8Array = bytes) {
  const ticket = await store.signUpload({
    key: uploadKey,
    contentType: "audio/wav",
    sizeBytes: 1000,
    sha256,
    expiresInSeconds: 60,
  });
  return answer(
    new Request(ticket.url, { method: "PUT", headers: { ...ticket.headers, ...headers }, body: body as BodyInit }),
    uploadKey,
  );
}
const problemOf = async (response: Response) => {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return ((await response.json()) as { code: string }).code;
};

describe("answers of the disk store", () => {
  it("answers HEAD like GET without the body", async () => {
    const answer = await get({}, "HEAD");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-length")).toBe("1000");
    expect(answer.headers.get("accept-ranges")).toBe("bytes");
    expect(answer.headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await answer.text()).toBe("");
  });

  it("honours If-Range and If-Match", async () => {
    const etag = (await get({}, "HEAD")).headers.get("etag")!;
    expect((await headOf(get({ range: "bytes=0-1", "if-range": etag }))).status).toBe(206);
    expect((await headOf(get({ range: "bytes=0-1", "if-range": '"other"' }))).status).toBe(200);
    expect((await headOf(get({ "if-match": etag }))).status).toBe(200);
    expect(await problemOf(await get({ "if-match": '"other"' }))).toBe("precondition_failed");
  });

  it("states the size with 416, and forbids caching", async () => {
    const answer = await get({ range: "bytes=1000-" });
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */1000");
    expect(await problemOf(answer)).toBe("range_not_satisfiable");
    expect((await headOf(get())).headers.get("cache-control")).toBe("private, no-store");
  });

  it.each([
    ["recordings/2", { "content-length": "999" }, "size_mismatch"],
    ["recordings/2", {}, "size_mismatch"],
    ["recordings/2", { "content-length": "1000", "content-type": "text/html" }, "forbidden"],
    ["recordings/2", { "content-length": "1000", "content-encoding": "gzip" }, "forbidden"],
    ["recordings/1", { "content-length": "1000" }, "already_exists"],
  ])("refuses an upload to %s with %j: %s", async (uploadKey, headers, code) => {
    expect(await problemOf(await put(uploadKey, headers as Record<string, string>))).toBe(code);
    expect(await store.head("recordings/2")).toBeNull();
  });

  it.each([
    ["shorter", bytes.subarray(1), "size_mismatch"],
    ["longer", Buffer.concat([bytes, bytes]), "size_mismatch"],
    ["altered", Buffer.alloc(1000), "checksum_mismatch"],
  ])("refuses a body that is %s compared with its announcement, and keeps nothing", async (_what, body, code) => {
    expect(await problemOf(await put("recordings/2", { "content-length": "1000" }, body))).toBe(code);
    expect(await store.head("recordings/2")).toBeNull();
    expect(await readdir(incomingPath(rootPath))).toEqual([]);
  });

  it("stores a matching body", async () => {
    const answer = await put("recordings/3", { "content-length": "1000" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("etag")).toBe(`"${(await store.head("recordings/3"))!.etag}"`);
  });

  it("refuses duplicate, unknown and missing parameters, other keys and paths outside the store", async () => {
    const { url } = await store.signDownload({ key, expiresInSeconds: 60 });
    const ask = async (changed: string, asked = key) => problemOf(await answer(new Request(changed), asked));
    expect(await ask(`${url}&operation=get`)).toBe("forbidden");
    expect(await ask(`${url}&type=text/html`)).toBe("forbidden");
    expect(await ask(`${url}&anything=1`)).toBe("forbidden");
    expect(await ask(url.split("?")[0]!)).toBe("forbidden");
    expect(await ask(url.replace(/signature=.*/, "signature="))).toBe("forbidden");
    expect(await ask(url, "recordings/3")).toBe("forbidden");
    expect(await ask(url, "recordings/../recordings/1")).toBe("invalid_key");
    expect(await ask(url, "../../etc/passwd")).toBe("invalid_key");
  });
});
