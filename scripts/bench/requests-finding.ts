import postgres from "postgres";
import { newId } from "@/lib/core/new-id";
import { readNumber } from "@/lib/core/numbers/number-reading";
import type { OperationContext } from "@/lib/operation/operation";
import { numberColumns } from "@/lib/recordings/customer-number";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { interleave, medianMs, type BenchRow } from "./bench-row";
import { fillOnce, searched, type FillSizes } from "./requests-fill";

/** Measures the search for one number among all recordings: the pages that it reads, and its time. */
export async function benchFinding(ownerUrl: string, sizes: FillSizes): Promise<BenchRow[]> {
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  try {
    await fillOnce(sql, sizes);
    const context = await dpo(sql);
    const requestId = await inTriage(context());
    const ours = () => findRecordings(context(), { requestId });
    const { searchedFor } = await ours();
    const found = searchedFor.find(({ reason }) => reason === "number_exact")?.found;
    if (found !== searched.recordings) throw new Error(`found ${found} recordings of ${searched.recordings}`);
    const pages = await pagesRead(sql, ours);
    const time = await interleave(
      5,
      () => medianMs(30, ours),
      () => medianMs(30, () => bareSearch(sql, requestId)),
    );
    const among = `among ${sizes.recordings.toLocaleString("en")} recordings`;
    return [
      {
        ...{ what: `buffers of recordings that finding one number touches, ${among}`, unit: "buffers" },
        ...{ ours: pages, baseline: 1, ratio: pages, better: "smaller", must: 100, aim: 60 },
      },
      {
        ...{ what: `finding everything of one number / the same search as bare SQL, ${among}`, unit: "ms" },
        ...{ ...time, better: "smaller", must: 3, aim: 2 },
      },
    ];
  } finally {
    await sql.end();
  }
}

async function dpo(sql: postgres.Sql): Promise<() => OperationContext> {
  const userId = newId();
  await sql`insert into users (id, email, name, role, password_hash)
    values (${userId}, ${`${userId}@bench.example`}, 'Bench', 'dpo', 'none')`;
  const actor = {
    type: "user" as const,
    userId,
    role: "dpo" as const,
    unitIds: [],
    sessionId: newId(),
    hasFreshProof: true,
  };
  return () => ({ actor, requestId: newId(), ipAddress: null });
}

async function inTriage(context: OperationContext): Promise<string> {
  const { requestId } = await registerRequest(context, {
    ...{ requestId: newId(), channel: "letter", receivedAt: new Date().toISOString(), requester: "data_subject" },
    ...{ rights: ["full_declaration"], identifiers: [{ kind: "number", value: searched.number }] },
    ...{ answerChannel: "counter", answerForm: "printed", answerLocale: "pt-BR" },
  });
  await moveRights(context, { requestId, step: "start" });
  const note = "Compareceu com documento";
  await confirmIdentity(context, { requestId, checkId: newId(), method: "in_person", note });
  return requestId;
}

/** Pages of the table and its indexes that one call reads, from memory or disk, by the server's own counters. */
async function pagesRead(sql: postgres.Sql, work: () => Promise<unknown>): Promise<number> {
  const calls = 20;
  const before = await counters(sql);
  for (let call = 0; call < calls; call += 1) await work();
  return Math.ceil(((await counters(sql)) - before) / calls);
}

async function counters(sql: postgres.Sql): Promise<number> {
  // A connection reports what it counted at most once a second, when it ends a transaction.
  let [last, same] = [-1, 0];
  while (same < 3) {
    await sql`select pg_sleep(1.1)`;
    const [row] = await sql<{ pages: string }[]>`
      select heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit as pages
      from pg_statio_user_tables where relname = 'recordings'`;
    same = Number(row!.pages) === last ? same + 1 : 0;
    last = Number(row!.pages);
  }
  return last;
}

/** What a person would write: the three questions, the calls of what was found, and the record of the search. */
async function bareSearch(sql: postgres.Sql, requestId: string): Promise<void> {
  const { customerNumberIndex: exact, customerNumberTailIndex: tail } = numberColumns(readNumber(searched.number));
  await sql.begin(async (tx) => {
    await tx`select from subject_requests where id = ${requestId} for update`;
    const own = await tx`select id, started_at, source, source_call_id from recordings
      where customer_number_index = ${exact} and state in ('stored', 'deleting')`;
    await tx`select id from recordings where customer_number_tail_index = ${tail}
      and customer_number_index is distinct from ${exact} and state in ('stored', 'deleting')
      order by started_at desc, id desc limit 501`;
    for (const row of own)
      await tx`insert into subject_request_matches (request_id, recording_id, reasons, identifier_ids, started_at)
        values (${requestId}, ${row.id}, '{number_exact}', '{}', ${row.started_at}) on conflict do nothing`;
    await tx`select other.id from subject_request_matches match join recordings found on found.id = match.recording_id
      join recordings other on other.source = found.source and other.source_call_id = found.source_call_id
      where match.request_id = ${requestId} and other.id <> found.id`;
    await tx`insert into subject_request_events (id, request_id, kind, actor_type)
      values (${newId()}, ${requestId}, 'searched', 'job')`;
  });
}
