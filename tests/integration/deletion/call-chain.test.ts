import { beforeAll, expect, it } from "vitest";
import { env } from "@/lib/core/env";
import { configuredStore } from "@/lib/storage/configured-store";
import { call } from "../../support/portal";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

const stacks: string[][] = [];

/** The functions of lib in a stack, the innermost first, without the adapter of requests. */
const ours = (stack: string): string[] =>
  stack
    .split("\n")
    .filter((line) => /\/lib\/(?!http\/)/.test(line))
    .map((line) => /at (?:async )?(?:Object\.)?(\S+)/.exec(line)![1]!);

beforeAll(async () => {
  Error.stackTraceLimit = 100;
  await policy(90);
  const store = configuredStore();
  const deleteAllVersions = store.deleteAllVersions.bind(store);
  Object.assign(store, {
    deleteAllVersions: async (key: string) => {
      stacks.push(ours(new Error("where").stack!));
      return deleteAllVersions(key);
    },
  });
});

it("at most five functions of the portal are nested between the cron route and the store", async () => {
  await storedRecording({ ...(await unitWithQueue()), startedAt: daysAgo(200) });
  expect(
    await (
      await call("GET", "/api/cron/retention", { headers: { authorization: `Bearer ${env().CRON_SECRET}` } })
    ).json(),
  ).toMatchObject({
    deleted: 1,
  });
  expect(stacks[0]).toEqual(["eraseKeys", "eraseQueued", "eraseMarked", "runRetention", "retentionCron"]);
});
