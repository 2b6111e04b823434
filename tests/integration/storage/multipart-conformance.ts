import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { MultipartUploads, ObjectStore } from "@/lib/storage/object-store";

interface Under {
  store: ObjectStore;
  freshKey: () => string;
  contentOf: (key: string) => Promise<Buffer>;
}

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Multipart uploads, for stores that have them; the others must declare that they do not. */
export function describeMultipart(under: () => Under): void {
  const bytes = randomBytes(11 * 1024 * 1024);
  const partBytes = 5 * 1024 * 1024;
  const partOf = (partNumber: number) => bytes.subarray((partNumber - 1) * partBytes, partNumber * partBytes);

  /** Runs where the store has multipart; where it has none, it must be declared. */
  const withMultipart = (what: string, run: (multipart: MultipartUploads, under: Under) => Promise<void>) =>
    it(what, async () => {
      const { store } = under();
      expect(store.capabilities.multipart).toBe(store.multipart !== null);
      if (store.multipart) await run(store.multipart, under());
    });

  async function send(
    multipart: MultipartUploads,
    key: string,
    uploadId: string,
    partNumber: number,
    body = partOf(partNumber),
    signed = body,
  ) {
    const ticket = await multipart.signPart({
      key,
      uploadId,
      partNumber,
      sizeBytes: signed.length,
      sha256: sha256Of(signed),
      expiresInSeconds: 60,
    });
    return fetch(ticket.url, { method: ticket.method, headers: ticket.headers, body: body as BodyInit });
  }
  async function begun(multipart: MultipartUploads, key: string) {
    return (await multipart.begin({ key, contentType: "audio/wav" })).uploadId;
  }

  describe("upload in parts", () => {
    withMultipart(
      "joins parts that came in any order, and reports type, size and encryption",
      async (multipart, { store, freshKey, contentOf }) => {
        const key = freshKey();
        const uploadId = await begun(multipart, key);
        for (const partNumber of [3, 1, 2]) expect((await send(multipart, key, uploadId, partNumber)).status).toBe(200);
        expect(await store.head(key)).toBeNull();
        const parts = await multipart.listParts(key, uploadId);
        expect(parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes])).toEqual([
          [1, partBytes],
          [2, partBytes],
          [3, 1024 * 1024],
        ]);
        const stored = await multipart.complete({ key, uploadId, parts: parts.toReversed(), ifNoneMatch: "*" });
        const plain = await store.put(freshKey(), Buffer.from("plain"), {
          contentType: "audio/wav",
          ifNoneMatch: null,
        });
        const facts = (await store.head(key))!;
        expect(stored).toMatchObject({ sizeBytes: bytes.length, etag: facts.etag, versionId: facts.versionId });
        expect(facts.etag).not.toBe("");
        expect(facts.versionId === null).toBe(plain.versionId === null);
        expect(facts).toMatchObject({ contentType: "audio/wav", sizeBytes: bytes.length });
        if (store.capabilities.encryption.length === 0) expect(facts.encryption).toBe("unverifiable");
        expect((await contentOf(key)).equals(bytes)).toBe(true);
      },
    );

    withMultipart(
      "refuses a part of another size or hash, another number or a changed link",
      async (multipart, { store, freshKey }) => {
        const key = freshKey();
        const uploadId = await begun(multipart, key);
        const other = Buffer.from(partOf(1));
        other[9]! ^= 1;
        if (store.capabilities.sha256Verified)
          expect((await send(multipart, key, uploadId, 1, other, partOf(1))).status).toBeGreaterThanOrEqual(400);
        expect(
          (await send(multipart, key, uploadId, 1, partOf(1).subarray(1), partOf(1))).status,
        ).toBeGreaterThanOrEqual(400);
        const ticket = await multipart.signPart({
          key,
          uploadId,
          partNumber: 1,
          sizeBytes: partBytes,
          sha256: sha256Of(partOf(1)),
          expiresInSeconds: 60,
        });
        const elsewhere = ticket.url.replace("partNumber=1", "partNumber=2");
        expect(elsewhere).not.toBe(ticket.url);
        for (const url of [elsewhere, ticket.url.replace(uploadId, `${uploadId}x`)]) {
          expect(
            (await fetch(url, { method: "PUT", headers: ticket.headers, body: partOf(1) as BodyInit })).status,
          ).toBeGreaterThanOrEqual(400);
        }
        expect(await multipart.listParts(key, uploadId)).toEqual([]);
        await multipart.abort(key, uploadId);
      },
    );

    withMultipart("goes on after a break with what the store has", async (multipart, { freshKey, contentOf }) => {
      const key = freshKey();
      const uploadId = await begun(multipart, key);
      await send(multipart, key, uploadId, 2);
      const there = new Set((await multipart.listParts(key, uploadId)).map(({ partNumber }) => partNumber));
      expect([...there]).toEqual([2]);
      for (const partNumber of [1, 2, 3]) if (!there.has(partNumber)) await send(multipart, key, uploadId, partNumber);
      await multipart.complete({ key, uploadId, parts: await multipart.listParts(key, uploadId), ifNoneMatch: "*" });
      expect((await contentOf(key)).equals(bytes)).toBe(true);
    });

    withMultipart("answers a repeated completion as the first one", async (multipart, { store, freshKey }) => {
      const key = freshKey();
      const uploadId = await begun(multipart, key);
      for (const partNumber of [1, 2, 3]) await send(multipart, key, uploadId, partNumber);
      const request = { key, uploadId, parts: await multipart.listParts(key, uploadId), ifNoneMatch: "*" as const };
      const first = await multipart.complete(request);
      expect(await multipart.complete(request)).toEqual(first);
      expect(await multipart.complete({ ...request, ifNoneMatch: null })).toEqual(first);
      expect((await store.proveAbsence(key)).found.versions).toBe(1);
    });

    withMultipart(
      "does not complete over another object, with a part that is missing, or an upload that is unknown",
      async (multipart, { store, freshKey, contentOf }) => {
        const key = freshKey();
        const uploadId = await begun(multipart, key);
        await send(multipart, key, uploadId, 1);
        const parts = await multipart.listParts(key, uploadId);
        const missing = [...parts, { partNumber: 2, etag: "0".repeat(32) }];
        await expect(multipart.complete({ key, uploadId, parts: missing, ifNoneMatch: "*" })).rejects.toMatchObject({
          code: "invalid_request",
          retryable: false,
        });
        await expect(multipart.complete({ key, uploadId, parts: [], ifNoneMatch: "*" })).rejects.toMatchObject({
          code: "invalid_request",
        });
        await store.put(key, Buffer.from("first"), { contentType: "audio/wav", ifNoneMatch: "*" });
        await expect(multipart.complete({ key, uploadId, parts, ifNoneMatch: "*" })).rejects.toMatchObject({
          code: "already_exists",
        });
        expect((await contentOf(key)).toString()).toBe("first");
        await multipart.abort(key, uploadId);
        await multipart.abort(key, uploadId);
        await expect(multipart.listParts(key, uploadId)).rejects.toMatchObject({ code: "not_found" });
        const elsewhere = freshKey();
        await expect(multipart.complete({ key: elsewhere, uploadId, parts, ifNoneMatch: "*" })).rejects.toMatchObject({
          code: "not_found",
        });
      },
    );

    withMultipart(
      "leaves nothing of an unfinished upload after a deletion of its key",
      async (multipart, { store, freshKey }) => {
        const key = freshKey();
        const uploadId = await begun(multipart, key);
        await send(multipart, key, uploadId, 1);
        expect(await store.proveAbsence(key)).toMatchObject({ absent: false, found: { unfinishedUploads: 1 } });
        expect(await store.deleteAllVersions(key)).toMatchObject({ unfinishedUploadsAborted: 1 });
        expect(await store.proveAbsence(key)).toMatchObject({ absent: true });
        expect((await send(multipart, key, uploadId, 2)).status).toBe(404);
      },
    );

    withMultipart("ends the other beginnings under its key alone", async (multipart, { store, freshKey }) => {
      const [key, neighbour] = [freshKey(), freshKey()];
      const kept = await begun(multipart, key);
      await Promise.all([begun(multipart, key), begun(multipart, key), begun(multipart, neighbour)]);
      await multipart.abortOthers(key, kept);
      await multipart.abortOthers(key, kept);
      expect(await store.proveAbsence(key)).toMatchObject({ found: { unfinishedUploads: 1 } });
      expect(await multipart.listParts(key, kept)).toEqual([]);
      expect(await store.proveAbsence(neighbour)).toMatchObject({ found: { unfinishedUploads: 1 } });
      for (const each of [key, neighbour]) await store.deleteAllVersions(each);
    });

    withMultipart("does not sign what no part can be", async (multipart, { freshKey }) => {
      const part = {
        key: freshKey(),
        uploadId: "u",
        partNumber: 1,
        sizeBytes: 1,
        sha256: "0".repeat(64),
        expiresInSeconds: 60,
      };
      for (const change of [
        { partNumber: 0 },
        { partNumber: 10_001 },
        { sizeBytes: -1 },
        { sha256: "x" },
        { expiresInSeconds: 0 },
      ]) {
        await expect(multipart.signPart({ ...part, ...change })).rejects.toMatchObject({ code: "invalid_request" });
      }
      await expect(multipart.signPart({ ...part, sizeBytes: multipart.maxPartBytes + 1 })).rejects.toMatchObject({
        code: "too_large",
      });
      await expect(multipart.signPart({ ...part, key: "../x" })).rejects.toMatchObject({ code: "invalid_key" });
    });
  });
}
