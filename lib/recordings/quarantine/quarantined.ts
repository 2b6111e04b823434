import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * The recording may have card data: it is in no list or search by default, and nobody plays or downloads it, until a
 * person releases or erases it. Retention, holds and deletion orders act on it as on any other.
 *
 * Source: PCI DSS v3.2.1, requirement 3.2 (v4.0: 3.3.1): no sensitive authentication data, such as the card's security
 * code, is stored after authorisation, not even encrypted.
 */
export function isQuarantined(): SQL {
  // Literals: PostgreSQL does not match a parameter with a partial index.
  return sql`(${recordings.quarantine} = 'quarantined' and ${recordings.state} <> 'rejected')`;
}

/** Also a recording whose content was rejected: there is nothing to play. Its mark waits for other content. */
export const isNotQuarantined = (): SQL =>
  sql`(${recordings.quarantine} is distinct from 'quarantined' or ${recordings.state} = 'rejected')`;

/** Why a person releases a recording: codes, so that the event can have them. */
export const releaseReasons = ["no_card_data", "masked", "marked_by_mistake"] as const;
