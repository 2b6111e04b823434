import { sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { idList } from "@/lib/db/id-list";
import type { RecordingDates } from "@/lib/retention/recording-dates";

/** Writes the dates of these recordings in one statement, of those that are still stored. Answers how many. */
export async function writeDates(tx: Transaction, rows: readonly (RecordingDates & { id: string })[]): Promise<number> {
  if (rows.length === 0) return 0;
  const column = (type: string, valueOf: (row: RecordingDates) => Date | string | number | null) =>
    list(type, rows.map(valueOf));
  const { count } = await tx.execute(sql`
    update ${recordings}
    set retention_policy_id = moved.policy_id, retention_policy_version = moved.policy_version, retain_until = moved.retain_until,
      minimum_policy_id = moved.minimum_policy_id, minimum_policy_version = moved.minimum_policy_version, minimum_until = moved.minimum_until
    from unnest(
      ${idList(rows.map(({ id }) => id))},
      ${column("uuid", (row) => row.retentionPolicyId)}, ${column("integer", (row) => row.retentionPolicyVersion)}, ${column("timestamptz", (row) => row.retainUntil)},
      ${column("uuid", (row) => row.minimumPolicyId)}, ${column("integer", (row) => row.minimumPolicyVersion)}, ${column("timestamptz", (row) => row.minimumUntil)}
    ) as moved (id, policy_id, policy_version, retain_until, minimum_policy_id, minimum_policy_version, minimum_until)
    where ${recordings.id} = moved.id and ${recordings.state} = 'stored'`);
  return count;
}

/** Values as one text parameter; null is the empty one. */
function list(type: string, values: (Date | string | number | null)[]): SQL {
  const text = values.map((value) => (value instanceof Date ? value.toISOString() : (value ?? ""))).join(",");
  return sql`string_to_array(${text}, ',', '')::${sql.raw(type)}[]`;
}
