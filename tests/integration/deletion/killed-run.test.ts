import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import {
  daysAgo,
  eventCounts,
  isOnDisk,
  job,
  policy,
  row,
  storedRecording,
  unitWithQueue,
} from "../../support/recordings";
import { loadTypescript } from "../../support/load-typescript";

const program = fileURLToPath(new URL("./killed-run.ts", import.meta.url));
let place: Awaited<ReturnType<typeof unitWithQueue>>;

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
});

function runUntilKilled(point: string, at: number): Promise<{ signal: unknown }> {
  return new Promise((resolve) =>
    execFile(process.execPath, ["--import", loadTypescript, program, point, String(at)], (error) =>
      resolve({ signal: error?.signal }),
    ),
  );
}

// Two keys per recording, five recordings per transaction: the tenth absence check precedes the first confirmation.
it.each([
  ["after-mark", 1, { marked: 5, deleted: 0 }],
  ["after-delete", 1, { marked: 5, deleted: 0 }],
  ["after-delete", 13, { marked: 10, deleted: 5 }],
  ["before-confirm", 10, { marked: 5, deleted: 0 }],
  ["before-confirm", 24, { marked: 12, deleted: 10 }],
])(
  "after a kill %s (%i) the next run finishes and deletes each recording once",
  async (point, at, atDeath) => {
    const before = await eventCounts();
    const all = await Promise.all(
      Array.from({ length: 12 }, () => storedRecording({ ...place, startedAt: daysAgo(200) })),
    );

    expect(await runUntilKilled(point, at)).toEqual({ signal: "SIGKILL" });

    const states = await Promise.all(all.map(async ({ id }) => (await row(id)).state));
    const count = (state: string) => states.filter((found) => found === state).length;
    expect({ marked: count("deleting") + count("deleted"), deleted: count("deleted") }).toEqual(atDeath);

    expect(
      await runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) }),
    ).toMatchObject({
      deleted: 12 - atDeath.deleted,
      failed: 0,
      remaining: 0,
    });
    expect(all.some(({ keys }) => isOnDisk(keys))).toBe(false);
    expect(await eventCounts()).toEqual({
      marked: before.marked + 12,
      deleted: before.deleted + 12,
      mostPerRecording: 1,
    });
  },
  120_000,
);
