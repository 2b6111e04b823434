import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * Every processing is suspended and the data kept (*bloqueio*, LGPD Art. 5 XIII): nobody plays, downloads or
 * exports it, and neither retention nor a deletion order deletes it, until the DPO lifts the block. An erasure that the
 * person recorded asks for is not stopped.
 */
export const isBlocked = (): SQL => sql`(${recordings.blockedAt} is not null)`;
