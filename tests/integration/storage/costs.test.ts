import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { workOff } from "../../support/background-jobs";
import { audio } from "../../support/audio-fixtures";
import { configureS3 } from "../../support/configure-s3";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { job, signedInAs } from "../../support/people";
import { call } from "../../support/portal";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { describeS3 } from "../../support/test-s3";
import { askTicket, callMetadata, phoneSystem, recordingRow, type Ticket } from "../../support/uploads";

const dayMs = 86_400_000;

await describeS3(
  "the requests per recording, as docs/storage-costs.md counts them",
  ({ client, configOf, bucketPrefix }) => {
    const Bucket = `${bucketPrefix}-costs`;
    const config = configOf(Bucket);
    const asked: string[] = [];
    let proxy: FaultProxy;

    beforeAll(async () => {
      await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
      proxy = await startFaultProxy(config.endpoint ?? `https://s3.${config.region}.amazonaws.com`);
      // Requests of the installation, not of a recording: ledger, seals, the control object and bucket checks.
      proxy.choose = (address) => {
        if (!/ledger\/|anchors\/|custodia-control/.test(address) && address.replace(/\/$/, "") !== `/${Bucket}`)
          asked.push(address);
        return Promise.resolve(null);
      };
      configureS3({ ...config, endpoint: proxy.endpoint });
    });
    afterAll(() => proxy?.close());

    const requestsOf = async (work: () => Promise<unknown>): Promise<number> => {
      asked.length = 0;
      await work();
      return asked.length;
    };

    test.skipIf(config.profile !== "ceph")("match on Ceph", async () => {
      const [system, dpo] = [await phoneSystem(), await signedInAs("dpo")];
      const file = audio("call-04-wav-pcm-mono.wav");
      const { id, upload } = (await (
        await askTicket(system.headers, callMetadata(system.unitCode, file))
      ).json()) as Ticket;
      let etag: string | null = null;
      const put = async () => {
        etag = (
          await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(file.bytes) })
        ).headers.get("etag");
      };
      expect(await requestsOf(put), "upload").toBe(1);

      expect(
        await requestsOf(
          async () =>
            (await call("POST", `/api/recordings/${id}/complete`, { headers: system.headers, json: { etag } })) &&
            workOff("waveform"),
        ),
        "completion and waveform",
      ).toBe(1 + 1);

      const grant = await grantOf(dpo, id);
      expect(await requestsOf(async () => bytesOf(await listen(dpo.cookie, grant.url))), "hearing").toBe(1);
      expect(
        await requestsOf(() =>
          runStoreScan(job(), {
            stores: configuredStores(),
            signal: AbortSignal.timeout(60_000),
            begin: true,
            minimumAgeMs: 0,
          }),
        ),
        "store-scan: a list and a HEAD",
      ).toBe(1 + 1);

      await database()
        .update(uploadTickets)
        .set({ expiresAt: new Date(Date.now() - dayMs) });
      await database()
        .update(recordings)
        .set({
          storedAt: new Date(),
          startedAt: new Date(Date.now() - 400 * dayMs),
          retainUntil: new Date(Date.now() - 3 * dayMs),
        })
        .where(eq(recordings.id, id));
      expect(
        await requestsOf(() =>
          runRetention(job("retention"), { stores: configuredStores(), signal: AbortSignal.timeout(60_000) }),
        ),
        "deletion and its proof",
      ).toBe(5);
      expect((await recordingRow(id)).state).toBe("deleted");
    });
  },
);
