import { createHash, randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { collectStream } from "../../support/collect-stream";

type Under = { store: ObjectStore; area: string };

const options = { contentType: "audio/wav", ifNoneMatch: null } as const;

/** Deletions while others read, write, list and delete, and through links that outlived the object. */
export function describeDeletionAmongOthers(under: () => Under): void {
  const freshKey = () => `${under().area}/${randomUUID()}`;
  const bytes = randomBytes(1_000_000);
  const whole = { start: 0, endInclusive: bytes.length - 1 };

  async function absent(key: string): Promise<void> {
    expect(await under().store.head(key)).toBeNull();
    expect(await under().store.proveAbsence(key)).toMatchObject({ absent: true });
  }

  describe("concurrent deletion", () => {
    it("by several at once never fails and leaves nothing", async () => {
      const { store } = under();
      const key = freshKey();
      for (let version = 0; version < 3; version += 1) await store.put(key, Buffer.from(`version ${version}`), options);
      const counts = await Promise.all(Array.from({ length: 4 }, () => store.deleteAllVersions(key)));
      expect(counts.reduce((sum, { versionsDeleted }) => sum + versionsDeleted, 0)).toBeGreaterThan(0);
      await absent(key);
    });

    it("during reads lets each end complete or with an error, never short or with other bytes", async () => {
      const { store } = under();
      const key = freshKey();
      await store.put(key, bytes, options);
      const read = async () => collectStream((await store.readRange(key, whole)).stream);
      const readings = Array.from({ length: 6 }, read);
      const [, ...outcomes] = await Promise.allSettled([store.deleteAllVersions(key), ...readings]);
      for (const outcome of outcomes) {
        if (outcome.status === "fulfilled") expect((outcome.value as Buffer).equals(bytes)).toBe(true);
        else expect(outcome.reason).toBeInstanceOf(StoreError);
      }
      await absent(key);
      await expect(read()).rejects.toMatchObject({ code: "not_found" });
    });

    it("is not undone by a download link; what an old upload link brings back can be deleted again", async () => {
      const { store } = under();
      const key = freshKey();
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const old = await store.signUpload({
        key,
        contentType: "audio/wav",
        sizeBytes: bytes.length,
        sha256,
        expiresInSeconds: 60,
      });
      const send = () => fetch(old.url, { method: old.method, headers: old.headers, body: new Uint8Array(bytes) });
      expect((await send()).status).toBe(200);
      const { url } = await store.signDownload({ key, expiresInSeconds: 60 });
      await store.deleteAllVersions(key);
      expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
      await absent(key);
      const { status } = await send();
      expect((await store.proveAbsence(key)).absent).toBe(status >= 400);
      await store.deleteAllVersions(key);
      await absent(key);
    });

    it("and writing during a listing leave each remaining object listed exactly once", async () => {
      const { store } = under();
      const folder = `${under().area}/busy-${randomUUID()}`;
      const put = (name: string) => store.put(`${folder}/${name}`, Buffer.from(name), options);
      const staying = Array.from({ length: 20 }, (_, index) => `stays-${String(index).padStart(2, "0")}`);
      await Promise.all([...staying, "goes-1", "goes-2"].map(put));
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page === 0 || cursor; page += 1) {
        const listed = await store.list({ prefix: `${folder}/`, limit: 5, ...(cursor ? { cursor } : {}) });
        seen.push(...listed.objects.map(({ key }) => key.slice(folder.length + 1)));
        cursor = listed.nextCursor ?? undefined;
        await Promise.all([
          put(`a-new-${page}`),
          put(`z-new-${page}`),
          store.deleteAllVersions(`${folder}/goes-${page}`),
        ]);
        // Objects written behind the cursor are listed too, so the listing would never end by itself.
        if (page > 50) throw new Error("the list does not end");
      }
      expect(seen.filter((name) => name.startsWith("stays")).sort()).toEqual(staying);
      expect(new Set(seen).size).toBe(seen.length);
    });
  });
}
