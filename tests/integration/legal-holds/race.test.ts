import { existsSync } from "node:fs";
import { and, inArray, isNull, ne, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, legalHoldRecordings, recordings } from "@/lib/db/schema";
import { placeHold, type PlacedHold } from "@/lib/legal-holds/place-hold";
import { AppError } from "@/lib/core/errors";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore } from "@/lib/storage/configured-store";
import { isThorough, seedCount } from "../../support/seeds";
import { daysAgo, fileOf, job, policy, unitWithQueue } from "../../support/recordings";
import { contextOf, person, type Person } from "../../support/actors";
import { facts, manyRecordings } from "../../support/holds";
import { waitUntil } from "../../support/wait-until";

const rounds = isThorough ? 12 : 5;
const perRound = seedCount(1200) / rounds;
const perHold = perRound / 10;

/** The answer about each recording when its hold was placed. */
type Answer = "held" | "too late";

const run = () =>
  runRetention(job(), { stores: [configuredStore()], signal: AbortSignal.timeout(60_000), batchSize: 7 });

/** Places a hold and returns its counts of held and gone recordings; if all are gone it is refused. */
async function place(
  dpo: Person,
  selection: Parameters<typeof placeHold>[1]["selection"],
  all: number,
): Promise<Pick<PlacedHold, "held" | "tooLate">> {
  try {
    return await placeHold(contextOf(dpo.actor), { ...facts(dpo.userId), selection });
  } catch (error) {
    if (error instanceof AppError && error.code === "nothing_to_hold") return { held: 0, tooLate: all };
    throw error;
  }
}

it("a hold placed during retention runs either keeps each recording or reports it as gone", async () => {
  await policy(90);
  const dpo = await person("dpo");
  const said = new Map<Answer, number>();
  const all: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const where = await unitWithQueue();
    const ids = await manyRecordings(perRound, { ...where, startedAt: daysAgo(200) }, configuredStore());
    all.push(...ids);
    const bySearch = round % 3 === 2;
    const parts = bySearch
      ? [ids]
      : Array.from({ length: perRound / perHold }, (_, index) =>
          ids.filter((_id, at) => at % (perRound / perHold) === index),
        );
    const runs = [run(), run()];
    let over = false;
    void Promise.allSettled(runs).then(() => (over = true));
    // The holds of the first round follow the runs, those of the second precede them; the others are placed when a
    // number of recordings is marked.
    if (round === 0) await Promise.all(runs);
    const marked = () =>
      database().$count(recordings, and(inArray(recordings.id, ids), ne(recordings.state, "stored")));
    const answers = await Promise.all(
      parts.map(async (part, index) => {
        const enough = round > 1 ? ((round - 2 + index) * perRound) / (rounds + parts.length) : 0;
        await waitUntil("recordings are marked", async () => over || (await marked()) >= enough, { intervalMs: 1 });
        return {
          part,
          ...(await place(
            dpo,
            bySearch ? { filters: { queueId: where.queueId } } : { recordingIds: part },
            part.length,
          )),
        };
      }),
    );
    await Promise.all(runs);
    await run();
    const held = new Set(
      (
        await database()
          .select({ id: legalHoldRecordings.recordingId })
          .from(legalHoldRecordings)
          .where(isNull(legalHoldRecordings.releasedAt))
      ).map(({ id }) => id),
    );
    for (const { part, held: saidHeld, tooLate } of answers) {
      expect(part.filter((id) => held.has(id))).toHaveLength(saidHeld);
      expect(saidHeld + tooLate).toBe(part.length);
      said.set("held", (said.get("held") ?? 0) + saidHeld);
      said.set("too late", (said.get("too late") ?? 0) + tooLate);
    }
  }
  const rows = await database()
    .select({
      id: recordings.id,
      state: recordings.state,
      held: sql<boolean>`exists (select from legal_hold_recordings h where h.recording_id = recordings.id)`,
    })
    .from(recordings);
  expect(rows).toHaveLength(all.length);
  const wrong = rows.filter(({ id, state, held }) =>
    held
      ? state !== "stored" || !existsSync(fileOf(`recordings/${id}`))
      : state !== "deleted" || existsSync(fileOf(`recordings/${id}`)),
  );
  expect(wrong).toEqual([]);
  // A held recording was never marked, or each marking was stopped; none was deleted.
  const touched = await database()
    .select({ id: auditEvents.targetId })
    .from(auditEvents)
    .where(sql`target_id in (select recording_id::text from legal_hold_recordings)`)
    .groupBy(auditEvents.targetId)
    .having(
      sql`count(*) filter (where action = 'recording.marked_for_deletion')
          <> count(*) filter (where action = 'recording.deletion_stopped')
        or count(*) filter (where action = 'recording.deleted') > 0`,
    );
  expect(touched).toEqual([]);
  expect(said.get("held")! + said.get("too late")!).toBe(rounds * perRound);
  expect(said.get("too late")).toBeGreaterThanOrEqual(perRound);
  expect(said.get("held")).toBeGreaterThan(0);
});
