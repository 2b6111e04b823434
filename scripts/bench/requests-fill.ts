import type postgres from "postgres";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { numberColumns } from "@/lib/recordings/customer-number";
import { copyRows } from "./copy-rows";

/** The number whose recordings are to be found, and how many it has among all others. */
export const searched = { number: "(11) 98765-4321", recordings: 10 };

export type FillSizes = { recordings: number; events: number };

/** 32 bits that look random and are the same in each run (Murmur's finaliser): hashing would take most of the time. */
function word(seed: number): string {
  const mixed = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad);
  const again = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((again ^ (again >>> 15)) >>> 0).toString(16).padStart(8, "0");
}

/** The person of some of the events. */
export const benchPerson = () => idOf(5, 1);

/** 256 bits of a number. `kind` (0 to 15) tells the numbers of different columns apart. */
function digest(kind: number, index: number): string {
  let text = "";
  for (let place = 0; place < 8; place += 1) text += word((index * 16 + kind) * 8 + place);
  return text;
}

const bytea = (hex: string) => `\\\\x${hex}`;

/** Ids that a run would give: in the order of time, as UUID version 7. */
function idOf(kind: number, index: number): string {
  const time = (1_700_000_000_000 + index * 31).toString(16).padStart(12, "0");
  const seed = (index * 16 + kind) * 8;
  const tail = word(seed) + word(seed + 1) + word(seed + 2);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6, 18)}`;
}

const timeOf = (index: number) => new Date(Date.UTC(2022, 0, 1) + index * 12_000).toISOString();

/** Recordings and audit events of a company of years, made once. A filling that was cut off goes on where it was. */
export async function fillOnce(sql: postgres.Sql, sizes: FillSizes): Promise<void> {
  await fillRecordings(sql, sizes.recordings);
  await fillEvents(sql, sizes.events);
}

async function fillRecordings(sql: postgres.Sql, count: number): Promise<void> {
  const unit = idOf(0, 0);
  await sql`insert into units (id, code, name, time_zone) values (${unit}, 'bench', 'Bench', 'America/Sao_Paulo')
    on conflict do nothing`;
  const policy = idOf(0, 1);
  await sql`
    insert into retention_policies (id, name, period_value, period_unit, unit_id, source, justification, review_on)
    values (${policy}, 'Bench', 10, 'year', ${unit}, 'bench', 'bench', current_date) on conflict do nothing`;
  const own = numberColumns(readNumber(searched.number));
  const every = Math.max(1, Math.floor(count / searched.recordings));
  const columns = ["id", "state", "source", "source_call_id", "source_recording_id", "uploaded_by_type"];
  const more = ["uploaded_by_id", "unit_id", "direction", "started_at", "content_type", "size_bytes", "duration_ms"];
  const stored = ["sha256", "object_key", "stored_at", "retain_until", "retention_policy_id"];
  const digests = ["number_kind", "customer_number_index", "customer_number_tail_index", "number_last_four_index"];
  await copyRows(
    sql,
    { table: "recordings", columns: [...columns, ...more, ...stored, ...digests], count },
    (index) => {
      const isOwn = index % every === 0 && index / every < searched.recordings;
      const line = index % Math.max(1, Math.floor(count / 10));
      const ofLine = isOwn
        ? [own.customerNumberIndex, own.customerNumberTailIndex, own.numberLastFourIndex].map((value) =>
            value === null ? null : bytea(value.toString("hex")),
          )
        : [bytea(digest(0, line)), bytea(digest(1, line)), bytea(digest(2, line % 10_000))];
      const name = String(index);
      const facts = [unit, "inbound", timeOf(index), "audio/wav", "960000", "60000"];
      const kept = [bytea(digest(3, index)), `bench/${name}`, timeOf(index), "2040-01-01T00:00:00Z", policy];
      const by = ["stored", "bench", name, name, "service", idOf(2, 1)];
      return [idOf(1, index), ...by, ...facts, ...kept, "number", ...ofLine];
    },
  );
}

const actions = ["recording.played", "recording.uploaded", "recording.stored", "session.started", "user.created"];

/** Events of 200 people about a million recordings; one in a thousand was denied. */
export async function fillEvents(sql: postgres.Sql, count: number): Promise<void> {
  const writer = idOf(3, 0);
  const columns = ["id", "occurred_at", "writer_id", "writer_sequence", "writer_settled", "actor_type", "actor_id"];
  const more = ["action", "outcome", "target_type", "target_id", "request_id", "details", "hmac_key_id", "hmac"];
  await copyRows(sql, { table: "audit_events", columns: [...columns, ...more], count }, (index) => {
    const by = [idOf(4, index), timeOf(index), writer, String(index), String(index), "user", idOf(5, index % 200)];
    const action = actions[index % actions.length]!;
    const outcome = index % 1000 === 0 ? "denied" : "success";
    const what = [action, outcome, "recording", idOf(1, index % 1_000_000), idOf(6, index)];
    return [...by, ...what, "{}", "bench", bytea(digest(4, index))];
  });
}
