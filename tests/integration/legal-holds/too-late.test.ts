import { beforeAll, expect, it } from "vitest";
import { eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { playbackGrants } from "@/lib/db/schema";
import { eraseMarked } from "@/lib/deletion/erase-marked";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { listMissedRecordings } from "@/lib/legal-holds/list-missed-recordings";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { openPlayback } from "@/lib/playback/open-playback";
import { configuredStore } from "@/lib/storage/configured-store";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { facts, manyRecordings } from "../../support/holds";
import { daysAgo, job, policy, row, unitWithQueue } from "../../support/recordings";

let dpo: Person;
let own: Awaited<ReturnType<typeof unitWithQueue>>;
let foreign: Awaited<ReturnType<typeof unitWithQueue>>;

const again = ({ actor }: Person) => contextOf(actor);
const due = async (count: number, where = own) =>
  manyRecordings(count, { ...where, startedAt: daysAgo(200) }, configuredStore());
const hold = (recordingIds: string[]) => placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds } });

/** A retention run that has marked what is due and erases nothing yet. */
async function marked(): Promise<string> {
  const { runId } = await startRetentionRun(job(), {});
  await markDueRecordings(job(), { runId, limit: 100 });
  return runId;
}

const erase = (runId: string, recordingIds: string[]) =>
  eraseMarked(job(), { stores: [configuredStore()], runId, batchSize: 100 }, { recordingIds });

beforeAll(async () => {
  await policy(90);
  dpo = await person("dpo");
  [own, foreign] = await Promise.all([unitWithQueue(), unitWithQueue()]);
});

it("keeps a grant revoked when a hold brings its recording back; a new grant opens it", async () => {
  const [recordingId] = (await due(1)) as [string];
  const ask = () => grantPlayback(again(dpo), { recordingId, purpose: "complaint_handling", reference: "CH-1" });
  const { grantId } = await ask();
  await openPlayback(again(dpo), { grantId });
  await marked();
  expect(await hold([recordingId])).toMatchObject({ held: 1, broughtBack: 1 });
  expect((await row(recordingId)).state).toBe("stored");

  await expectRefusal(openPlayback(again(dpo), { grantId }), "revoked");
  const [grant] = await database().select().from(playbackGrants).where(eq(playbackGrants.id, grantId));
  expect(grant!.revokedAt).toEqual(expect.any(Date));
  const asked = await ask();
  expect(await openPlayback(again(dpo), { grantId: asked.grantId })).toMatchObject({ recordingId });
});

it("lists the recordings that were gone before the hold; a supervisor sees only their units", async () => {
  const [gone, kept, elsewhere] = [await due(3), await due(1), await due(1, foreign)];
  const runId = await marked();
  await erase(runId, [...gone, ...elsewhere]);
  const { holdId, ...placed } = await hold([...gone, ...kept, ...elsewhere]);
  expect(placed).toMatchObject({ held: 1, broughtBack: 1, tooLate: 4 });

  const { rows } = await listMissedRecordings(again(dpo), { holdId });
  expect(rows.map(({ id }) => id)).toEqual([...gone, ...elsewhere].sort().reverse());
  for (const { id, goneSince } of rows) expect(goneSince).toEqual((await row(id)).erasingAt);

  const first = await listMissedRecordings(again(dpo), { holdId, limit: 3 });
  const second = await listMissedRecordings(again(dpo), { holdId, limit: 3, cursor: first.nextCursor! });
  expect([...first.rows, ...second.rows]).toEqual(rows);
  expect(second.nextCursor).toBeNull();

  const responsible = await person("supervisor", { unitIds: [own.unitId] });
  const seen = async (who: Person, id: string) => (await listMissedRecordings(again(who), { holdId: id })).rows;
  expect(await seen(responsible, holdId), "a hold of somebody else").toEqual([]);
  const answerable = await placeHold(again(dpo), {
    ...facts(responsible.userId),
    selection: { recordingIds: [...gone, ...kept, ...elsewhere] },
  });
  const theirs = await seen(responsible, answerable.holdId);
  expect(theirs.map(({ id }) => id)).toEqual([...gone].sort().reverse());
});
