import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { playbackGrants, recordings } from "@/lib/db/schema";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { atDate } from "../../support/at-date";
import { workOff } from "../../support/background-jobs";
import { retain } from "../../support/deletions";
import { person } from "../../support/actors";
import { signedInAs } from "../../support/people";
import { placedHold } from "../../support/placed-holds";
import { grantOf, listen, statusOf } from "../../support/playbacks";
import { admin, daysAgo, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { letter } from "../../support/subject-requests";
import * as uploads from "../../support/uploads";

/** Two portals on one database: the clock of one is two hours fast, that of the other two hours slow. */
const hourMs = 3_600_000;
const fast = <Result>(work: () => Promise<Result>) => atDate(new Date(Date.now() + 2 * hourMs), work);
const slow = <Result>(work: () => Promise<Result>) => atDate(new Date(Date.now() - 2 * hourMs), work);

beforeAll(() => policy(365));

const stored = async (unitId: string) => (await storedRecording({ unitId, startedAt: daysAgo(9) })).id;

test("neither deletes what is not due, and both delete what is", async () => {
  const { unitId } = await unitWithQueue();
  const [early, late] = [await stored(unitId), await stored(unitId)];
  const dueIn = (id: string, hours: number) =>
    database()
      .update(recordings)
      .set({ retainUntil: sql`date_trunc('milliseconds', now()) + ${hours} * interval '1 hour'` })
      .where(eq(recordings.id, id));
  await dueIn(early, 1);
  await fast(() => retain());
  expect((await row(early)).state).toBe("stored");
  await dueIn(late, -1);
  await slow(() => retain());
  expect([(await row(early)).state, (await row(late)).state]).toEqual(["stored", "deleted"]);
});

test("an order has what there was when it was given: not less, and nothing that came later", async () => {
  const { unitId } = await unitWithQueue();
  const there = await stored(unitId);
  expect(await slow(() => previewDeletionOrder(admin(), { unitId }))).toMatchObject({ recordings: 1 });
  const selection = { unitId };
  const justification = "Unidade encerrada";
  await fast(() => orderDeletion(admin(), { selection, justification, acknowledgedRecordings: 1 }));
  const later = await stored(unitId);
  await placedHold(await person("dpo"), [there]);
  await slow(() => workOff("deletion_order"));
  await fast(() => workOff("deletion_order"));
  expect([(await row(there)).state, (await row(later)).state]).toEqual(["stored", "stored"]);
});

test("what one grants is heard from the other, as long as it was granted for", async () => {
  const system = await uploads.phoneSystem();
  const supervisor = await signedInAs("supervisor", [system.unitId]);
  const recordingId = await uploads.storedRecording(system);
  const [first, second] = [
    await slow(() => grantOf(supervisor, recordingId)),
    await fast(() => grantOf(supervisor, recordingId)),
  ];
  const heard = (url: string) => listen(supervisor.cookie, url).then(statusOf);
  expect([await fast(() => heard(first.url)), await slow(() => heard(second.url))]).toEqual([200, 200]);
  await database()
    .update(playbackGrants)
    .set({ expiresAt: sql`date_trunc('milliseconds', now() - interval '1 second')` })
    .where(eq(playbackGrants.recordingId, recordingId));
  expect([await fast(() => heard(first.url)), await slow(() => heard(second.url))]).toEqual([410, 410]);
});

test("the clock of the law begins when a request came, by either", async () => {
  const dpo = await signedInAs("dpo");
  const today = letter({ receivedAt: new Date().toISOString() });
  expect(
    await slow(async () => registerRequest(await dpo.context(), letter({ receivedAt: today.receivedAt }))),
  ).toBeTruthy();
  await expect(
    fast(async () => registerRequest(await dpo.context(), letter({ receivedAt: new Date().toISOString() }))),
  ).rejects.toMatchObject({ code: "invalid_input" });
});
