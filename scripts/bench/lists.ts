import postgres from "postgres";
import type { UserActor } from "@/lib/operation/actor";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { interleave, medianMs, type BenchRow } from "./bench-row";

/** Measures the list of recordings on a small and a large table, and against a plain statement for the same page. */
export async function benchLists(ownerUrl: string, sizes: { small: number; large: number }): Promise<BenchRow[]> {
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  try {
    const unitIds = await insertUnits(sql);
    const dpo = contextOf("dpo", []);
    const supervisor = contextOf("supervisor", unitIds.slice(0, 2));
    const page = (context: OperationContext, after?: string) => () => listRecordings(context, { after, limit: 50 });
    const bare = () =>
      sql`
        select r.*, u.name, q.code, a.code
        from recordings r
        join units u on u.id = r.unit_id
        left join queues q on q.id = r.queue_id
        left join agents a on a.id = r.agent_id
        order by r.started_at desc, r.id desc limit 51`;

    await insertRecordings(sql, unitIds, 0, sizes.small);
    // Warm-up: the first calls are slower, because Node.js compiles them.
    for (let call = 0; call < 300; call += 1) await page(call % 2 === 0 ? dpo : supervisor)();
    const smallFirst = await medianMs(60, page(dpo));
    const smallScoped = await medianMs(60, page(supervisor));
    await insertRecordings(sql, unitIds, sizes.small, sizes.large);
    const deepCursor = await cursorNearTheEnd(sql);
    const largeFirst = await medianMs(60, page(dpo));
    const largeScoped = await medianMs(60, page(supervisor));
    const largeDeep = await medianMs(60, page(dpo, deepCursor));
    const againstBare = await interleave(
      5,
      () => medianMs(30, page(dpo)),
      () => medianMs(30, bare),
    );
    const grown = `${sizes.large.toLocaleString("en")} rows / ${sizes.small.toLocaleString("en")} rows`;
    const row = (what: string, ours: number, baseline: number): BenchRow => ({
      what,
      unit: "ms",
      ours,
      baseline,
      ratio: ours / baseline,
      better: "smaller",
      must: 1.25,
      aim: 1.1,
    });
    return [
      row(`first page, ${grown}`, largeFirst, smallFirst),
      row(`first page of a supervisor of two units, ${grown}`, largeScoped, smallScoped),
      row(`a page near the end / the first page, ${sizes.large.toLocaleString("en")} rows`, largeDeep, largeFirst),
      {
        what: "list operation / bare postgres.js statement",
        unit: "ms",
        ...againstBare,
        better: "smaller",
        must: 2,
        aim: 1.3,
      },
    ];
  } finally {
    await sql.end();
  }
}

function contextOf(role: UserActor["role"], unitIds: string[]): OperationContext {
  return {
    actor: { type: "user", userId: newId(), role, unitIds, sessionId: newId(), hasFreshProof: true },
    requestId: newId(),
    ipAddress: null,
  };
}

async function insertUnits(sql: postgres.Sql): Promise<string[]> {
  await sql`
    insert into units (id, code, name, time_zone)
    select gen_random_uuid(), 'unit-' || n, 'Unit ' || n, 'America/Sao_Paulo' from generate_series(1, 10) n`;
  await sql`
    insert into queues (id, unit_id, code)
    select gen_random_uuid(), u.id, 'queue-' || n from units u, generate_series(1, 4) n`;
  await sql`
    insert into agents (id, unit_id, code)
    select gen_random_uuid(), u.id, 'agent-' || n from units u, generate_series(1, 40) n`;
  return (await sql<{ id: string }[]>`select id from units order by code`).map((unit) => unit.id);
}

async function insertRecordings(sql: postgres.Sql, unitIds: string[], from: number, to: number): Promise<void> {
  await sql`
    insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
      unit_id, queue_id, agent_id, direction, started_at, content_type, size_bytes, sha256, duration_ms,
      customer_number_index)
    select gen_random_uuid(), 'pending', 'bench', n::text, n::text, 'service', gen_random_uuid(), p.unit_id, p.queue_id,
      p.agent_id, 'inbound', timestamptz '2024-01-01' + n * interval '31 seconds', 'audio/wav', 100000,
      sha256(n::text::bytea), (n % 600) * 1000, sha256((n % 5000)::text::bytea)
    from generate_series(${from + 1}::int, ${to}::int) n
    join lateral (select ${sql.array(unitIds)}::uuid[] ids) i on true
    join (
      select u.id unit_id, (array_agg(distinct q.id))[1] queue_id, (array_agg(distinct a.id))[1] agent_id
      from units u join queues q on q.unit_id = u.id join agents a on a.unit_id = u.id group by u.id) p
      on p.unit_id = i.ids[1 + n % 10]`;
  await sql`vacuum analyze recordings`;
}

async function cursorNearTheEnd(sql: postgres.Sql): Promise<string> {
  const [row] = await sql<
    { id: string; started_at: Date }[]
  >`select id, started_at from recordings order by started_at, id offset 500 limit 1`;
  return Buffer.from(`${row!.started_at.toISOString()}|${row!.id}`).toString("base64url");
}
