import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * What every way of deleting asks of a recording, whatever its reason; the only place for what forbids deletion (a legal hold).
 * `markForDeletion` asks it again after it has locked the rows. So whatever forbids a deletion must lock the recording
 * (`for update`) before it commits: it then either comes first and is seen, or comes second and finds `deleting`.
 */
export function mayBeDeleted(): SQL {
  return sql`${recordings.state} = 'stored'`;
}
