import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseKeyList } from "@/lib/core/crypto/key-list";
import { incomingPath, objectPath } from "@/lib/storage/disk/disk-layout";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { collectStream } from "../../support/collect-stream";
import { describeStore } from "./conformance";
import { serveLinkedStore } from "./serve-linked-store";

const keyText = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;

describeStore("disk", async () => {
  const rootPath = await mkdtemp(path.join(tmpdir(), "custodia-store-"));
  const texts = { encryptionKeys: keyText("k1"), linkSigningKeys: keyText("l1") };
  const configFor = (publicBaseUrl: string) => ({ kind: "disk" as const, rootPath, publicBaseUrl });
  const { store, close } = await serveLinkedStore((origin) =>
    createObjectStore({
      ...configFor(origin),
      encryptionKeys: parseKeyList(texts.encryptionKeys, 32),
      linkSigningKeys: parseKeyList(texts.linkSigningKeys, 32),
    }),
  );
  return {
    store,
    versioned: false,
    childConfig: { ...configFor("http://localhost:1"), ...texts },
    close: async () => {
      await close();
      await rm(rootPath, { recursive: true });
    },
  };
});

describe("the disk store", () => {
  let rootPath: string;
  const encryptionKeys = parseKeyList(keyText("k1"), 32);
  const linkSigningKeys = parseKeyList(keyText("l1"), 32);
  const openStore = () =>
    createObjectStore({
      kind: "disk",
      rootPath,
      encryptionKeys,
      linkSigningKeys,
      publicBaseUrl: "http://localhost:3000",
    });
  const write = { contentType: "audio/wav", ifNoneMatch: "*" } as const;
  const read = async (key: string) =>
    collectStream((await openStore().readRange(key, { start: 0, endInclusive: 999_999 })).stream);

  beforeEach(async () => {
    rootPath = await mkdtemp(path.join(tmpdir(), "custodia-store-"));
  });
  afterEach(() => rm(rootPath, { recursive: true, force: true }));

  it("stores neither content nor facts in clear text", async () => {
    const bytes = Buffer.from("a very recognisable sentence ".repeat(100));
    await openStore().put("recordings/1", bytes, write);
    const file = await readFile(objectPath(rootPath, "recordings/1"));
    expect(file.includes("recognisable")).toBe(false);
    expect(file.includes("audio/wav")).toBe(false);
    expect((await read("recordings/1")).equals(bytes)).toBe(true);
  });

  it("refuses an object with any bit flipped, also in its facts", async () => {
    await openStore().put("recordings/1", randomBytes(70_000), write);
    const file = objectPath(rootPath, "recordings/1");
    const sound = await readFile(file);
    const places = [0, 7, 8, 100, 511, 512, 520, 521, 522, 523, 530, 580, 600, 620, 40_000, 66_000, sound.length - 1];
    for (const place of places) {
      const altered = Buffer.from(sound);
      altered[place]! ^= 4;
      await writeFile(file, altered);
      await expect(read("recordings/1"), `byte ${place}`).rejects.toMatchObject({ code: "integrity" });
    }
    for (const length of [0, 100, 512, 600, sound.length - 1]) {
      await writeFile(file, sound.subarray(0, length));
      await expect(read("recordings/1"), `length ${length}`).rejects.toMatchObject({ code: "integrity" });
    }
    await writeFile(file, sound);
    expect(await read("recordings/1")).toHaveLength(70_000);
  });

  it("refuses an object that was moved to another key", async () => {
    const store = openStore();
    await store.put("recordings/1", randomBytes(100), write);
    await store.put("recordings/2", randomBytes(100), write);
    await rename(objectPath(rootPath, "recordings/1"), objectPath(rootPath, "recordings/2"));
    await expect(store.head("recordings/2")).rejects.toMatchObject({ code: "integrity" });
  });

  it("detects an empty folder in place of its own", async () => {
    const store = openStore();
    await store.put("recordings/1", Buffer.from("x"), write);
    await rename(rootPath, `${rootPath}-away`);
    await mkdir(path.join(rootPath, "objects"), { recursive: true });
    await mkdir(path.join(rootPath, "incoming"));
    await expect(store.proveAbsence("recordings/1")).rejects.toMatchObject({ code: "integrity" });
    await expect(store.head("recordings/1")).rejects.toMatchObject({ code: "integrity" });
    await rm(rootPath, { recursive: true });
    await rename(`${rootPath}-away`, rootPath);
    expect(await store.proveAbsence("recordings/1")).toMatchObject({ absent: false });
  });

  it("removes leftovers of crashed uploads, but not running ones", async () => {
    await openStore().put("recordings/1", Buffer.from("x"), write);
    const [dead, alive] = ["dead.part", "alive.part"].map((name) => path.join(incomingPath(rootPath), name)) as [
      string,
      string,
    ];
    await writeFile(dead, "x");
    await writeFile(alive, "x");
    await utimes(dead, new Date(), new Date(Date.now() - 2 * 3_600_000));
    await openStore().put("recordings/2", Buffer.from("x"), write);
    expect(await readdir(incomingPath(rootPath))).toEqual(["alive.part"]);
  });

  it("cancels a running upload of a key that is deleted", async () => {
    const store = openStore();
    let push: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (push = controller) });
    const upload = store.put("recordings/1", body, write);
    upload.catch(() => undefined);
    push!.enqueue(Buffer.from("half"));
    const unfinished = async () => (await store.proveAbsence("recordings/1")).found.unfinishedUploads;
    await expect.poll(unfinished, { timeout: 20_000 }).toBe(1);
    expect(await store.deleteAllVersions("recordings/1")).toMatchObject({ unfinishedUploadsAborted: 1 });
    push!.close();
    await expect(upload).rejects.toMatchObject({ code: "precondition_failed" });
    expect(await store.proveAbsence("recordings/1")).toMatchObject({ absent: true });
  });

  it("reports an unusable folder, and recovers", async () => {
    await rm(rootPath, { recursive: true });
    await writeFile(rootPath, "a file in the way");
    const store = openStore();
    await expect(store.head("recordings/1")).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await rm(rootPath);
    expect(await store.head("recordings/1")).toBeNull();
  });

  it("accepts links of an older signing key and refuses those of an unknown one", async () => {
    const { url } = await openStore().signDownload({ key: "recordings/1", expiresInSeconds: 60 });
    const newKey = parseKeyList(keyText("l2"), 32)[0];
    const storeWith = (keys: typeof linkSigningKeys) =>
      createObjectStore({
        kind: "disk",
        rootPath,
        encryptionKeys,
        linkSigningKeys: keys,
        publicBaseUrl: "http://localhost:3000",
      });
    const verifyWith = (keys: typeof linkSigningKeys) =>
      storeWith(keys).links.verify("recordings/1", new URL(url).searchParams, new Date());
    expect(verifyWith([newKey, ...linkSigningKeys])).toMatchObject({ operation: "get" });
    expect(() => verifyWith([newKey])).toThrow(expect.objectContaining({ code: "forbidden" }));
  });
});
