import postgres from "postgres";
import { jobContext } from "@/lib/operation/job-context";
import { newId } from "@/lib/core/new-id";
import { confirmDeletions } from "@/lib/deletion/confirm-deletions";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { interleave, median, type BenchRow } from "./bench-row";

const batch = 1000;

type Parts = { mark: number; confirm: number; whole: number };

/**
 * Measures the database part of a retention run against one UPDATE of all rows for each step. Ours marks and confirms
 * in batches, with locks, grants, waveforms and two audit events for each row. The database must have no due
 * recordings.
 */
export async function benchRetention(ownerUrl: string, size = 20_000): Promise<BenchRow[]> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    const ours: Parts[] = [];
    const baseline: Parts[] = [];
    const measured = async (into: Parts[], work: () => Promise<Parts>) => {
      await insertDue(sql, size);
      into.push(await work());
      return into.at(-1)!.whole;
    };
    const whole = await interleave(
      3,
      () => measured(ours, () => inBatches(size)),
      () => measured(baseline, () => inOneUpdate(sql, size)),
    );
    const of = (part: keyof Parts) => ({
      ours: median(ours.map((run) => run[part])),
      baseline: median(baseline.map((run) => run[part])),
    });
    const row = (
      what: string,
      values: { ours: number; baseline: number; ratio?: number },
      hasBounds: boolean,
    ): BenchRow => ({
      what,
      unit: "rows/s",
      ratio: values.ours / values.baseline,
      better: "larger",
      must: hasBounds ? 0.25 : null,
      aim: hasBounds ? 0.5 : null,
      ...values,
    });
    return [
      row("retention, database part / one UPDATE of all rows for each step", whole, true),
      row("retention, marking / one UPDATE of all rows", of("mark"), false),
      row("retention, confirming / one UPDATE of all rows", of("confirm"), false),
    ];
  } finally {
    await sql.end();
  }
}

function rates(size: number, times: number[]): Parts {
  const [start, marked, confirmed] = times as [number, number, number];
  const perSecond = (ms: number) => (size * 1000) / ms;
  return {
    mark: perSecond(marked - start),
    confirm: perSecond(confirmed - marked),
    whole: perSecond(confirmed - start),
  };
}

async function inBatches(size: number): Promise<Parts> {
  const context = jobContext("retention");
  const { runId } = await startRetentionRun(context, {});
  const counts = { objectKeys: 1, versionsDeleted: 1, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
  const proof = { store: "bench", ...counts, provedAbsentAt: new Date().toISOString() };
  const batches: string[][] = [];
  const times = [performance.now()];
  for (;;) {
    const { recordingIds } = await markDueRecordings(context, { runId, limit: batch });
    if (recordingIds.length === 0) break;
    batches.push(recordingIds);
  }
  times.push(performance.now());
  for (const ids of batches)
    await confirmDeletions(context, { runId, deletions: ids.map((recordingId) => ({ recordingId, proof: [proof] })) });
  times.push(performance.now());
  if (batches.flat().length !== size)
    throw new Error(`marked ${batches.flat().length} recordings where ${size} were expected`);
  return rates(size, times);
}

async function inOneUpdate(sql: postgres.Sql, size: number): Promise<Parts> {
  const times = [performance.now()];
  await sql`
    update recordings set state = 'deleting', deleting_at = now(), deletion_reason = 'bench'
    where state = 'stored' and retain_until <= now()`;
  times.push(performance.now());
  await sql`
    update recordings set state = 'deleted', deleted_at = now(), object_key = null, object_version_id = null,
      object_etag = null, encryption = null, agent_id = null, customer_number_encrypted = null,
      customer_number_index = null, customer_number_tail_index = null
    where state = 'deleting'`;
  times.push(performance.now());
  return rates(size, times);
}

async function insertDue(sql: postgres.Sql, size: number): Promise<void> {
  const [unit, policy] = [newId(), newId()];
  await sql`insert into units (id, code, name, time_zone) values (${unit}, ${unit}, 'Bench', 'America/Sao_Paulo')`;
  await sql`
    insert into retention_policies (id, name, period_value, period_unit, unit_id, source, justification, review_on)
    values (${policy}, 'Bench', 90, 'day', ${unit}, 'bench', 'bench', current_date)`;
  await sql`
    insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
      unit_id, direction, started_at, customer_number_encrypted, customer_number_index, customer_number_tail_index,
      content_type, size_bytes, sha256, object_key, stored_at, retention_policy_id, retain_until)
    select gen_random_uuid(), 'stored', ${unit}, n::text, n::text, 'service', ${unit}::uuid, ${unit}::uuid, 'inbound',
      now() - interval '200 days' - n * interval '1 second', decode(repeat('00', 44), 'hex'),
      sha256(n::text::bytea), sha256(n::text::bytea), 'audio/wav', 1000, sha256(n::text::bytea),
      'recordings/' || gen_random_uuid(), now() - interval '200 days', ${policy}::uuid, now() - interval '1 day'
    from generate_series(1, ${size}) as n`;
  await sql`vacuum analyze recordings`;
}
