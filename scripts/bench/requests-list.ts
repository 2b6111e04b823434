import postgres from "postgres";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { closeDatabase } from "@/lib/db/client";
import { listRequests } from "@/lib/subject-requests/list-requests";
import { interleave, medianMs, type BenchRow } from "./bench-row";

const views = ["open", "unproven", "ended"] as const;
type View = (typeof views)[number];

/**
 * Measures the desk's list on a small and a large number of requests, in turn: the small one is a schema of its own in
 * the same database, which comes first in the path of new connections.
 */
export async function benchDesk(ownerUrl: string, sizes: { small: number; large: number }): Promise<BenchRow[]> {
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  const actor = {
    type: "user" as const,
    userId: newId(),
    role: "dpo" as const,
    unitIds: [],
    sessionId: newId(),
    hasFreshProof: true,
  };
  const context = (): OperationContext => ({ actor, requestId: newId(), ipAddress: null });
  const read = (view: View) => listRequests(context(), { view, limit: 50 });
  const measure = (view: View, schemas: string) => async () => {
    await sql.unsafe(`alter database ${sql.options.database} set search_path = ${schemas}`);
    await closeDatabase();
    for (let call = 0; call < 100; call += 1) await read(view);
    return medianMs(60, () => read(view));
  };
  try {
    await insertRequests(sql, 0, sizes.small);
    await copyToSchema(sql, "small");
    await insertRequests(sql, sizes.small, sizes.large);
    // Otherwise the server writes what was filled in while the lists are read.
    await sql`checkpoint`;
    const grown = `${sizes.large.toLocaleString("en")} / ${sizes.small.toLocaleString("en")} requests`;
    const rows: BenchRow[] = [];
    for (const view of views) {
      const measured = await interleave(7, measure(view, "public"), measure(view, "small, public"));
      const what = `the desk's list, view ${view}, ${grown}`;
      rows.push({ what, unit: "ms", ...measured, better: "smaller", must: 1.25, aim: 1.1 });
    }
    return rows;
  } finally {
    await sql.end();
  }
}

/** Copies the tables of requests, with their indexes and row security. */
async function copyToSchema(sql: postgres.Sql, schema: string): Promise<void> {
  await sql.unsafe(`create schema ${schema}; grant usage on schema ${schema} to custodia_app`);
  for (const table of ["subject_requests", "subject_request_rights"]) {
    const copy = `${schema}.${table}`;
    await sql.unsafe(`create table ${copy} (like public.${table} including all);
      insert into ${copy} select * from public.${table};
      alter table ${copy} enable row level security;
      create policy portal on ${copy} to custodia_app using (true) with check (true);
      grant select on ${copy} to custodia_app`);
    await sql.unsafe(`vacuum analyze ${copy}`);
  }
}

/**
 * Of ten requests seven ended, two are open and one is unproven; each has two rights. Ids are in order of time, as the
 * portal's are (`newId`).
 */
async function insertRequests(sql: postgres.Sql, from: number, to: number): Promise<void> {
  await sql`with added as (
      insert into subject_requests (id, protocol, channel, requester, received_at, answer_channel, answer_form,
        answer_locale, is_open, is_unproven, due_until)
      select uuidv7(at - now()), lpad(n::text, 15, '0'), 'web', 'data_subject', at, 'counter', 'printed', 'pt-BR',
        n % 10 > 6, n % 10 = 9, at + interval '15 days'
      from generate_series(${from + 1}::int, ${to}::int) n, lateral (select timestamptz '2022-01-01'
        + n * interval '90 seconds' as at) received
      returning id, received_at, due_until, is_open)
    insert into subject_request_rights (id, request_id, right_code, state, days, deadline_kind, deadline_source,
      due_until)
    select uuidv7(received_at - now()), added.id, code, case when is_open then 'received' else 'answered' end, 15,
      'law', 'LGPD', due_until
    from added, unnest(array['confirmation', 'full_declaration']) code`;
  await sql`vacuum analyze subject_requests`;
  await sql`vacuum analyze subject_request_rights`;
}
