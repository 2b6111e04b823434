import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { type ImportResult } from "@/scripts/recordings/import-entry";
import { importRecordings } from "@/scripts/recordings/import-recordings";
import type { ManifestEntry } from "@/scripts/recordings/read-manifest";
import { smallAudio } from "../../support/audio-fixtures";
import { faultSchedule, linkFaults, type Fault } from "../../support/fault-schedule";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { isRepeated, seedBatches } from "../../support/seeds";
import { describeS3 } from "../../support/test-s3";
import { openFaultyStore, type FaultyStore, type SeededUpload } from "./faulty-store";

const schedulesInBatch = 20;
const atOnce = 10;

/** Replaces faults for a sender with a signed link, who would wait minutes on a dead connection. */
const atTheLink: Partial<Record<Fault, Fault>> = { hang: "stalled", drip: "link-expired" };
const isLink = (address: string) => address.includes("X-Amz-Signature=");

await describeS3("faults while the import client sends", (s3) => {
  let server: PortalServer;
  let faulty: FaultyStore;
  let folder: string;

  beforeAll(async () => {
    server = await startPortalServer();
    faulty = await openFaultyStore(s3, "faults-import", { idleTimeoutMs: 300 });
    folder = await mkdtemp(path.join(tmpdir(), "custodia-faults-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await faulty?.proxy.close();
    await server.close();
  });
  // The shortest waits that the jitter allows.
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.01));
  afterEach(() => void vi.restoreAllMocks());

  async function* entries(source: string, seed: number): AsyncGenerator<ManifestEntry> {
    for (let line = 1; line <= schedulesInBatch; line += 1) {
      const file = path.join(folder, `${source}-${line}.m4a`);
      await writeFile(file, smallAudio().bytes);
      const metadata = {
        source,
        // Two recordings of each call.
        sourceCallId: String(Math.floor(line / 2)),
        sourceRecordingId: String(seed + line - 1),
        unit: faulty.system.unitCode,
        direction: "inbound" as const,
        startedAt: "2026-03-02T14:05:31-03:00",
        contentType: smallAudio().contentType,
      };
      yield { line, file, metadata };
    }
  }

  /** The schedule of each call, in any order of requests. */
  function faultsOfCalls(source: string, seed: number) {
    const schedules = new Map<string, () => Fault | null>();
    const choose = faulty.faultsOf(schedules, seed);
    return async (address: string) => {
      const rows = await database()
        .select({ id: recordings.id, call: recordings.sourceRecordingId })
        .from(recordings)
        .where(eq(recordings.source, source));
      for (const { id, call } of rows) if (!schedules.has(id)) schedules.set(id, faultSchedule(Number(call)));
      const fault = await choose(address);
      return (fault && isLink(address) && atTheLink[fault]) || fault;
    };
  }

  test.each(seedBatches(schedulesInBatch, schedulesInBatch))(
    `schedules %i and ${schedulesInBatch - 1} more: each file ends stored, or failed with a report`,
    async (seed) => {
      const source = `faults-${newId()}`;
      const client = { baseUrl: server.origin, apiKey: faulty.system.apiKey };
      const results: ImportResult[] = [];
      faulty.proxy.choose = faultsOfCalls(source, seed);
      const report = await importRecordings(client, entries(source, seed), {
        concurrency: atOnce,
        onResult: (result) => void results.push(result),
      });
      expect(results.map(({ line }) => line).sort((a, b) => a - b)).toEqual(
        Array.from({ length: schedulesInBatch }, (_, index) => index + 1),
      );
      expect(report.stored + report.alreadyStored + report.failed).toBe(schedulesInBatch);
      const rows = await database()
        .select({ id: recordings.id, call: recordings.sourceRecordingId, state: recordings.state })
        .from(recordings)
        .where(eq(recordings.source, source));
      const stateOf = (line: number) => rows.find(({ call }) => call === String(seed + line - 1))?.state;
      // What the client reports as stored is stored at once; what it reports as failed has a code.
      for (const { line, outcome, problem, mayPass } of results) {
        if (outcome === "failed")
          expect([line, problem, mayPass]).toEqual([line, expect.stringMatching(/^(?!http_)\w+$/), true]);
        else expect([line, stateOf(line)]).toEqual([line, "stored"]);
      }
      expect(report.stored + report.alreadyStored).toBeGreaterThan(schedulesInBatch / 2);

      // A second run without faults leaves nothing over and nothing twice.
      faulty.proxy.choose = null;
      expect(await importRecordings(client, entries(source, seed), { concurrency: atOnce })).toMatchObject({
        failed: 0,
      });
      const uploads: SeededUpload[] = rows.map(({ id, call }) => ({
        id,
        seed: Number(call),
        sha256: smallAudio().sha256,
      }));
      expect(uploads).toHaveLength(schedulesInBatch);
      await faulty.reconcileAll(uploads);
      for (const upload of uploads) await faulty.storedOrSaid(upload, []);
      await faulty.everyObjectHasItsRow();
    },
  );

  test("every kind of fault occurred", () => {
    const met: Fault[] = [
      "error",
      "slow-down",
      "lost",
      "reset-before",
      "reset-middle",
      "reset-after",
      "truncated",
      "flip-upload",
      ...linkFaults,
    ];
    if (!isRepeated) expect([...faulty.proxy.happened.keys()]).toEqual(expect.arrayContaining(met));
  });
});
