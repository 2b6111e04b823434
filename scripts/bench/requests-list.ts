import postgres from "postgres";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { listRequests } from "@/lib/subject-requests/list-requests";
import { medianMs, type BenchRow } from "./bench-row";

/** Measures the desk's list on a small and a large number of requests. */
export async function benchDesk(ownerUrl: string, sizes: { small: number; large: number }): Promise<BenchRow[]> {
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  const actor = { type: "user" as const, userId: newId(), role: "dpo" as const, unitIds: [], sessionId: newId() };
  const context = (): OperationContext => ({ actor, requestId: newId(), ipAddress: null });
  const views = ["open", "unproven", "ended"] as const;
  const measure = async () => {
    // Otherwise the server writes what was filled in while the lists are read.
    await sql`checkpoint`;
    for (let call = 0; call < 300; call += 1) await listRequests(context(), { view: views[call % 3], limit: 50 });
    const times: number[] = [];
    for (const view of views) times.push(await medianMs(60, () => listRequests(context(), { view, limit: 50 })));
    return times;
  };
  try {
    await insertRequests(sql, 0, sizes.small);
    const small = await measure();
    await insertRequests(sql, sizes.small, sizes.large);
    const large = await measure();
    const grown = `${sizes.large.toLocaleString("en")} / ${sizes.small.toLocaleString("en")} requests`;
    return views.map((view, index) => ({
      ...{ what: `the desk's list, view ${view}, ${grown}`, unit: "ms", ours: large[index]!, baseline: small[index]! },
      ...{ ratio: large[index]! / small[index]!, better: "smaller", must: 1.25, aim: 1.1 },
    }));
  } finally {
    await sql.end();
  }
}

/** Of ten requests seven ended, two are open and one is unproven; each has two rights. */
async function insertRequests(sql: postgres.Sql, from: number, to: number): Promise<void> {
  await sql`with added as (
      insert into subject_requests (id, protocol, channel, requester, received_at, answer_channel, answer_form,
        answer_locale, is_open, is_unproven, due_until)
      select gen_random_uuid(), lpad(n::text, 15, '0'), 'web', 'data_subject', at, 'counter', 'printed', 'pt-BR',
        n % 10 > 6, n % 10 = 9, at + interval '15 days'
      from generate_series(${from + 1}::int, ${to}::int) n, lateral (select timestamptz '2022-01-01'
        + n * interval '90 seconds' as at) received
      returning id, due_until, is_open)
    insert into subject_request_rights (id, request_id, right_code, state, days, deadline_kind, deadline_source,
      due_until)
    select gen_random_uuid(), added.id, code, case when is_open then 'received' else 'answered' end, 15, 'law', 'LGPD',
      due_until
    from added, unnest(array['confirmation', 'full_declaration']) code`;
  await sql`vacuum analyze subject_requests`;
  await sql`vacuum analyze subject_request_rights`;
}
