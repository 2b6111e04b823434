import { createHash, randomBytes } from "node:crypto";
import { Agent, request, type RequestOptions, type ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyFinalObject } from "@/lib/uploads/final-verdict";
import { CONTROL_OBJECT_KEY } from "@/lib/storage/request-checks";
import type { SignedUpload } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { atDate } from "../../support/at-date";
import { smallAudio } from "../../support/audio-fixtures";
import { SupabaseEdge, type Interception } from "../../support/supabase/edge-server";
import type { MemoryBucket } from "../../support/supabase/memory-bucket";
import { collectStream } from "../../support/collect-stream";

let edge: SupabaseEdge;
let bucket: MemoryBucket;
let store: ObjectStore;

beforeAll(async () => {
  edge = await SupabaseEdge.start();
});
beforeEach(() => {
  edge.intercept = null;
  edge.uploadTokenSeconds = 60;
  edge.backend = "s3";
  bucket = edge.bucket("recordings");
  store = withKey(edge.serviceKey);
});
afterAll(() => edge.close());

const withKey = (serviceKey: string, name = "recordings") =>
  createObjectStore({ kind: "supabase", url: edge.url, serviceKey, bucket: name, maxUploadBytes: 1024 ** 3 });
const audio = smallAudio();
const wrong = Buffer.from(audio.bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
const write = { contentType: "audio/wav", ifNoneMatch: "*" } as const;
const ticket = (key: string) =>
  store.signUpload({
    key,
    contentType: audio.contentType,
    sizeBytes: audio.sizeBytes,
    sha256: audio.sha256,
    expiresInSeconds: 900,
  });
/** Sends as another program, which has connections of its own. */
const send = ({ url, headers }: SignedUpload, bytes: Buffer) =>
  fetch(url, { method: "PUT", headers: { ...headers, connection: "close" }, body: new Uint8Array(bytes) });
const expected = (objectKey: string, promotedKey: string) => ({
  objectKey,
  promotedKey,
  contentType: audio.contentType,
  sizeBytes: audio.sizeBytes,
  sha256: Buffer.from(audio.sha256, "hex"),
});

describe("an empty answer is not trusted", () => {
  beforeEach(() => store.put("a/1", Buffer.from("here"), write));

  it("for an expired service key, which sees no bucket: no absence", async () => {
    const expired = withKey(edge.expiredServiceKey);
    for (const failing of await Promise.allSettled([
      expired.head("a/1"),
      expired.proveAbsence("a/1"),
      expired.deleteAllVersions("a/1"),
      expired.list({ prefix: "a/", limit: 10 }),
    ])) {
      expect(failing).toMatchObject({ status: "rejected", reason: { name: "StoreError", code: "unavailable" } });
    }
    expect(bucket.objects.has("a/1")).toBe(true);
  });

  it("for a key without rights, which sees, lists and removes nothing without an error: forbidden", async () => {
    const anonymous = withKey(edge.anonKey);
    for (const failing of await Promise.allSettled([
      anonymous.head("a/1"),
      anonymous.head("a/none"),
      anonymous.proveAbsence("a/1"),
      anonymous.deleteAllVersions("a/1"),
      anonymous.list({ prefix: "a/", limit: 10 }),
      anonymous.readRange("a/1", { start: 0, endInclusive: 1 }),
    ])) {
      expect(failing).toMatchObject({
        status: "rejected",
        reason: { name: "StoreError", code: "forbidden", retryable: false },
      });
    }
    expect(bucket.objects.has("a/1")).toBe(true);
  });

  it("for a missing bucket: no absence", async () => {
    await expect(withKey(edge.serviceKey, "another").proveAbsence("a/1")).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  it("for a missing control object, which is created anew; an invisible one proves nothing", async () => {
    expect(await store.proveAbsence("a/none")).toMatchObject({ absent: true, controlKey: CONTROL_OBJECT_KEY });
    bucket.objects.delete(CONTROL_OBJECT_KEY);
    expect(await store.proveAbsence("a/none")).toMatchObject({ absent: true });
    edge.intercept = (incoming) => (
      incoming.url!.includes("/object/info/") && void bucket.objects.delete(CONTROL_OBJECT_KEY),
      false
    );
    await expect(store.proveAbsence("a/none")).rejects.toMatchObject({ code: "integrity" });
  });

  it("for a removal that returns no row while the object still exists", async () => {
    edge.intercept = (incoming, outgoing) =>
      incoming.method === "DELETE" && (outgoing.writeHead(200, { "content-type": "application/json" }).end("[]"), true);
    await expect(store.deleteAllVersions("a/1")).rejects.toMatchObject({ code: "forbidden" });
    edge.intercept = null;
    expect(await store.deleteAllVersions("a/1")).toMatchObject({ versionsDeleted: 1 });
    expect(await store.deleteAllVersions("a/1")).toMatchObject({ versionsDeleted: 0 });
  });

  it("for a removal, which deletes exactly its key and no folder below it", async () => {
    await store.put("a", Buffer.from("file"), write);
    expect(await store.deleteAllVersions("a")).toMatchObject({ versionsDeleted: 1 });
    expect(bucket.objects.has("a/1")).toBe(true);
  });

  it("for a 404 without a code", async () => {
    edge.intercept = (incoming, outgoing) =>
      incoming.url!.includes("/object/info/") &&
      (outgoing.writeHead(400, { "content-type": "application/json" }).end('{"statusCode":"404","error":"Not found"}'),
      true);
    await expect(store.head("a/1")).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });
});

describe("upload links are bound to a key only; they", () => {
  it("expire when the server says, and report that expiry", async () => {
    edge.uploadTokenSeconds = 7200;
    const { expiresAt } = await ticket("t/1");
    expect(Math.abs(expiresAt.getTime() - Date.now() - 7_200_000)).toBeLessThan(30_000);
  });

  it("work again once the object was moved; the promoted object stays unchanged", async () => {
    const link = await ticket("t/2");
    await send(link, audio.bytes);
    expect(await verifyFinalObject(store, expected("t/2", "p/2"))).toMatchObject({
      kind: "verified",
      objectKey: "p/2",
    });
    expect((await send(link, wrong)).status).toBe(200);
    expect(bucket.objects.get("p/2")!.bytes.equals(audio.bytes)).toBe(true);
    // The repetition checks the promoted object first, and never a later one.
    expect(await verifyFinalObject(store, expected("t/2", "p/2"))).toMatchObject({
      kind: "verified",
      objectKey: "p/2",
    });
  });

  it("accept several senders at once; the object that remains is verified", async () => {
    const link = await ticket("t/3");
    const statuses = await Promise.all(
      [audio.bytes, audio.bytes, wrong].map((bytes) => send(link, bytes).then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    const verdict = await verifyFinalObject(store, expected("t/3", "p/3"));
    const isRight = (bucket.objects.get("p/3") ?? bucket.objects.get("t/3"))!.bytes.equals(audio.bytes);
    expect(verdict).toMatchObject(isRight ? { kind: "verified" } : { kind: "wrong", code: "checksum_mismatch" });
  });

  it("let a slow upload end after they expire: it replaces the ticket's object, not the promoted one", async () => {
    const link = await ticket("t/4");
    const begun = new Promise<void>((resolve) => {
      edge.intercept = () => (resolve(), false);
    });
    const slow = request(link.url, { method: "PUT", headers: { ...link.headers, "content-length": wrong.length } });
    slow.write(wrong.subarray(0, 100));
    await begun;
    edge.intercept = null;
    await send(link, audio.bytes);
    expect(await verifyFinalObject(store, expected("t/4", "p/4"))).toMatchObject({ kind: "verified" });
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect((await atDate(inAnHour, () => send(link, audio.bytes))).status).toBe(400);
    const status = new Promise((resolve) =>
      slow.once("response", (answer) => (answer.resume(), resolve(answer.statusCode))),
    );
    slow.end(wrong.subarray(100));
    expect(await status).toBe(200);
    expect(bucket.objects.get("t/4")!.bytes.equals(wrong)).toBe(true);
    expect(bucket.objects.get("p/4")!.bytes.equals(audio.bytes)).toBe(true);
  });

  it("overwrite by the resumable route, but not the promoted object", async () => {
    const link = await ticket("t/5");
    await send(link, audio.bytes);
    await verifyFinalObject(store, expected("t/5", "p/5"));
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    for (const name of ["t/5", "p/5"]) {
      const headers = {
        "x-signature": new URL(link.url).searchParams.get("token")!,
        "upload-metadata": `bucketName ${encoded("recordings")},objectName ${encoded(name)}`,
        "content-type": "audio/wav",
      };
      const answer = await fetch(`${edge.url}/storage/v1/upload/resumable/sign`, {
        method: "POST",
        headers,
        body: new Uint8Array(wrong),
      });
      expect(answer.status).toBe(name === "t/5" ? 200 : 400);
    }
    expect(bucket.objects.get("p/5")!.bytes.equals(audio.bytes)).toBe(true);
  });

  it("accept different content, which reading back finds", async () => {
    await send(await ticket("t/6"), wrong);
    expect(await verifyFinalObject(store, expected("t/6", "p/6"))).toEqual({
      kind: "wrong",
      code: "checksum_mismatch",
      form: null,
      objectKey: "t/6",
    });
  });

  it("accept a replacement between the first check and the move, which the second check finds", async () => {
    await send(await ticket("t/7"), audio.bytes);
    edge.intercept = (incoming) => (
      incoming.url!.endsWith("/object/move") && bucket.write("t/7", wrong, "audio/wav"),
      false
    );
    expect(await verifyFinalObject(store, expected("t/7", "p/7"))).toEqual({
      kind: "wrong",
      code: "checksum_mismatch",
      form: null,
      objectKey: "p/7",
    });
  });

  it("allow a repetition after a stop behind the move, which finds the object under the other key", async () => {
    await send(await ticket("t/8"), audio.bytes);
    edge.intercept = (incoming, outgoing) => {
      if (!incoming.url!.endsWith("/object/move")) return false;
      bucket.move("service", "t/8", "p/8");
      outgoing.destroy();
      return true;
    };
    await expect(verifyFinalObject(store, expected("t/8", "p/8"))).rejects.toMatchObject({ code: "store_unavailable" });
    edge.intercept = null;
    expect(await verifyFinalObject(store, expected("t/8", "p/8"))).toMatchObject({
      kind: "verified",
      objectKey: "p/8",
    });
  });

  it("allow two completions at once, which both find the promoted object", async () => {
    await send(await ticket("t/9"), audio.bytes);
    const verdicts = await Promise.all([1, 2, 3, 4].map(() => verifyFinalObject(store, expected("t/9", "p/9"))));
    for (const verdict of verdicts) expect(verdict).toMatchObject({ kind: "verified", objectKey: "p/9" });
  });

  it("never replace a promoted key", async () => {
    await store.put("t/10", Buffer.from("one"), write);
    await store.put("p/10", Buffer.from("two"), write);
    await expect(store.promote!("t/10", "p/10")).rejects.toMatchObject({ code: "already_exists" });
    await expect(store.promote!("t/none", "p/11")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the limits of the bucket can be evaded", () => {
  it("by a body without a length, whose size is checked afterwards; the portal sends a length", async () => {
    bucket.limits.file_size_limit = audio.sizeBytes + 10;
    const link = await ticket("l/1");
    const large = Buffer.concat([audio.bytes, randomBytes(1_000_000)]);
    const chunked = await fetch(link.url, {
      method: "PUT",
      headers: link.headers,
      body: new Blob([large]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(chunked.status).toBe(200);
    expect(await verifyFinalObject(store, expected("l/1", "q/1"))).toMatchObject({
      kind: "wrong",
      code: "size_mismatch",
    });
    expect((await send(await ticket("l/2"), large)).status).toBe(400);
    await expect(
      store.put("l/3", new Blob([large]).stream(), { ...write, sizeBytes: large.length }),
    ).rejects.toMatchObject({ code: "too_large" });
  });

  it("by a false type, since only the declared one is checked; the bytes are checked afterwards", async () => {
    bucket.limits.allowed_mime_types = ["audio/wav"];
    await expect(
      store.put("m/1", Buffer.from("x"), { contentType: "text/html", ifNoneMatch: "*" }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    const page = Buffer.from("<html>".padEnd(2_000));
    const sha256 = createHash("sha256").update(page).digest();
    await store.put("m/2", page, write);
    expect(
      await verifyFinalObject(store, {
        ...expected("m/2", "q/2"),
        contentType: "audio/wav",
        sizeBytes: page.length,
        sha256,
      }),
    ).toMatchObject({ kind: "wrong", code: "not_audio" });
  });
});

describe("lists", () => {
  it("return each object once over several pages", async () => {
    for (let index = 0; index < 2_345; index += 1)
      bucket.write(`many/${String(index).padStart(5, "0")}`, Buffer.from("x"), "audio/wav");
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await store.list({ prefix: "many/", limit: 1000, ...(cursor ? { cursor } : {}) });
      seen.push(...page.objects.map(({ key }) => key));
      cursor = page.nextCursor ?? undefined;
      more = cursor !== undefined;
    }
    expect(new Set(seen).size).toBe(2_345);
    expect(seen).toHaveLength(2_345);
  });

  it("do not show the control object", async () => {
    await store.proveAbsence("x");
    expect(await store.list({ prefix: "", limit: 10 })).toEqual({ objects: [], nextCursor: null });
  });
});

describe("reading", () => {
  it("follows a path: a signed download gives a replaced object, which the gateway's ETag refuses", async () => {
    const { etag } = await store.put("r/1", Buffer.from("first"), write);
    const link = await store.signDownload({ key: "r/1", expiresInSeconds: 60 });
    await store.put("r/1", Buffer.from("other"), { ...write, ifNoneMatch: null });
    expect(await (await fetch(link.url)).text()).toBe("other");
    await expect(store.readRange("r/1", { start: 0, endInclusive: 4 }, { ifMatch: etag })).rejects.toMatchObject({
      code: "precondition_failed",
    });
  });

  it("refuses a version, which the server would ignore", async () => {
    await expect(store.head("r/1", "v1")).rejects.toMatchObject({ code: "not_supported" });
    await expect(store.readRange("r/1", { start: 0, endInclusive: 1 }, { versionId: "v1" })).rejects.toMatchObject({
      code: "not_supported",
    });
    await expect(store.signDownload({ key: "r/1", versionId: "v1", expiresInSeconds: 60 })).rejects.toMatchObject({
      code: "not_supported",
    });
  });

  it("fails for a body that ends early", async () => {
    await store.put("r/2", randomBytes(100_000), write);
    edge.intercept = (incoming, outgoing) => {
      if (!incoming.url!.includes("/object/authenticated/")) return false;
      outgoing.writeHead(206, {
        "content-range": "bytes 0-99999/100000",
        "content-type": "audio/wav",
        "content-length": "100000",
      });
      outgoing.write(randomBytes(50_000), () => outgoing.destroy());
      return true;
    };
    const { stream } = await store.readRange("r/2", { start: 0, endInclusive: 99_999 });
    await expect(collectStream(stream)).rejects.toMatchObject({ name: "StoreError", code: "unavailable" });
  });

  it("behind the end is not satisfiable, although the server fails as for any other reason", async () => {
    const { etag } = await store.put("r/4", randomBytes(10), write);
    const behind = { start: 10, endInclusive: 20 };
    const read = () => store.readRange("r/4", behind, { ifMatch: etag });
    const raw = await fetch(`${edge.url}/storage/v1/object/authenticated/recordings/r/4`, {
      headers: { authorization: `Bearer ${edge.serviceKey}`, range: "bytes=10-20" },
    });
    expect(raw.status).toBe(500);
    await expect(read()).rejects.toMatchObject({ code: "range_not_satisfiable", retryable: false });
    bucket.objects.get("r/4")!.isLost = true;
    await expect(store.readRange("r/4", { start: 9, endInclusive: 20 })).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    bucket.write("r/4", randomBytes(5), "audio/wav");
    await expect(read()).rejects.toMatchObject({ code: "precondition_failed" });
    edge.backend = "file";
    await expect(store.readRange("r/4", behind)).rejects.toMatchObject({ code: "range_not_satisfiable" });
  });

  it("refuses an answer that ignores the range", async () => {
    await store.put("r/3", randomBytes(10), write);
    edge.intercept = (incoming, outgoing) =>
      incoming.url!.includes("/object/authenticated/") && (outgoing.writeHead(200).end("whole"), true);
    await expect(store.readRange("r/3", { start: 0, endInclusive: 1 })).rejects.toMatchObject({ code: "integrity" });
  });
});

describe("a connection after a refused upload", () => {
  const large = randomBytes(300_000);
  const refused = { name: "StoreError", code: "already_exists" };

  it("is never answered again, and so is not used again", async () => {
    await store.put("c/1", large, write);
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (options: RequestOptions, body?: Buffer) =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${edge.serviceKey}`, "content-type": "audio/wav" };
        request(`${edge.url}/storage/v1/object/recordings/c/1`, { agent: kept, headers, ...options }, (answer) =>
          answer.resume().on("end", () => resolve(answer.statusCode!)),
        )
          .on("error", reject)
          .end(body);
      });
    expect(await send({ method: "POST" }, large)).toBe(400);
    await expect(send({ method: "GET", signal: AbortSignal.timeout(500) })).rejects.toMatchObject({
      code: "ABORT_ERR",
    });
    kept.destroy();
    const seen = new Map<string, unknown[]>();
    edge.intercept = ({ method, socket }) => (seen.set(method!, [...(seen.get(method!) ?? []), socket]), false);
    await expect(store.put("c/1", large, write)).rejects.toMatchObject(refused);
    expect(await store.deleteAllVersions("c/1")).toMatchObject({ versionsDeleted: 1 });
    for (const socket of seen.get("DELETE")!) expect(seen.get("POST")).not.toContain(socket);
  });

  /** Another one used the connection to the server, for example a proxy that keeps its connections. */
  it("is given up by each question within seconds, which a new connection answers", async () => {
    await store.put("c/2", Buffer.from("audio"), write);
    const mute = new Set<unknown>();
    const answered: string[] = [];
    edge.intercept = ({ socket, method, url, headers }) => {
      if (headers.connection === "keep-alive") mute.add(socket);
      if (!mute.has(socket)) answered.push(`${method} ${url!.split("?")[0]!.slice("/storage/v1/".length)}`);
      return mute.has(socket);
    };
    const [facts, page, range, link, upload] = await Promise.all([
      store.head("c/2"),
      store.list({ prefix: "c/", limit: 1 }),
      store.readRange("c/2", { start: 1, endInclusive: 2 }),
      store.signDownload({ key: "c/2", expiresInSeconds: 60 }),
      ticket("c/3"),
    ]);
    expect(facts).toMatchObject({ sizeBytes: 5 });
    expect(page.objects).toMatchObject([{ key: "c/2" }]);
    expect((await collectStream(range.stream)).toString()).toBe("ud");
    expect(answered.sort()).toEqual([
      "GET object/authenticated/recordings/c/2",
      "GET object/info/recordings/c/2",
      "POST object/list-v2/recordings",
      "POST object/sign/recordings/c/2",
      "POST object/upload/sign/recordings/c/3",
    ]);
    edge.intercept = null;
    expect(await (await fetch(link.url)).text()).toBe("audio");
    expect((await send(upload, audio.bytes)).status).toBe(200);
  });

  it("is not tried again for a deletion or a move, which the server may have carried out", async () => {
    await store.put("c/4", Buffer.from("audio"), write);
    const seen: string[] = [];
    edge.intercept = ({ method, url, socket }) => (seen.push(`${method} ${url}`), socket.destroy(), true);
    await expect(store.deleteAllVersions("c/4")).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.promote!("c/4", "c/5")).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.put("c/6", Buffer.from("x"), write)).rejects.toMatchObject({ code: "unavailable" });
    expect(seen).toEqual([
      "DELETE /storage/v1/object/recordings",
      "POST /storage/v1/object/move",
      "POST /storage/v1/object/recordings/c/6",
    ]);
  });
});

describe("failures", () => {
  const answering =
    (status: number, body: string, headers: Record<string, string> = {}): Interception =>
    (_, outgoing: ServerResponse) => (outgoing.writeHead(status, headers).end(body), true);

  it.each<[string, Interception, string, boolean]>([
    ["the connection breaks", (_, outgoing) => (outgoing.destroy(), true), "unavailable", true],
    [
      "a gateway answers with a page",
      answering(502, "<h1>Bad Gateway</h1>", { "content-type": "text/html" }),
      "unavailable",
      true,
    ],
    [
      "the server slows down",
      answering(400, '{"statusCode":"503","code":"SlowDown","message":"slow down"}'),
      "throttled",
      true,
    ],
    ["the gateway knows no such key", answering(401, '{"message":"Invalid API key"}'), "forbidden", false],
    ["it leads elsewhere", answering(307, "", { location: "http://127.0.0.1:1/" }), "unavailable", true],
  ])("%s", async (_what, intercept, code, retryable) => {
    edge.intercept = intercept;
    const asked = [
      store.head("f/1"),
      store.list({ prefix: "f/", limit: 10 }),
      store.deleteAllVersions("f/1"),
      store.proveAbsence("f/1"),
      store.put("f/1", Buffer.from("x"), write),
      ticket("f/1"),
      store.promote!("f/1", "f/2"),
      store.readRange("f/1", { start: 0, endInclusive: 1 }),
    ];
    for (const failing of await Promise.allSettled(asked))
      expect(failing).toMatchObject({ status: "rejected", reason: { name: "StoreError", code, retryable } });
  });

  it("never reveal the service key", async () => {
    edge.intercept = (_, outgoing) => (outgoing.destroy(), true);
    const error = await store.head("f/1").catch((thrown: unknown) => thrown);
    const told = (value: unknown): string =>
      value instanceof Error ? `${value.message} ${value.stack} ${told(value.cause)}` : String(value);
    expect(told(error)).not.toContain(edge.serviceKey);
    expect(JSON.stringify(store)).not.toContain(edge.serviceKey);
  });

  it.each([
    "http://project.supabase.example",
    "ftp://127.0.0.1",
    "https://user:password@project.supabase.example",
    "no address",
  ])("refuse the address %j", (url) => {
    expect(() =>
      createObjectStore({
        kind: "supabase",
        url,
        serviceKey: edge.serviceKey,
        bucket: "recordings",
        maxUploadBytes: 1024 ** 3,
      }),
    ).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
