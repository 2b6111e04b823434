import { sql } from "drizzle-orm";
import { check } from "drizzle-orm/pg-core";

/** What is true of every recording in its state, whatever wrote the row. */
export const recordingChecks = [
  check(
    "recordings_stored_whole",
    sql.raw(
      "state <> 'stored' or (object_key is not null and stored_at is not null " +
        "and retain_until is not null and retention_policy_id is not null)",
    ),
  ),
  check(
    "recordings_measured",
    sql`(size_bytes is null) = (sha256 is null) and (sha256 is not null or state not in ('stored', 'deleting'))`,
  ),
  check(
    "recordings_deleted_empty",
    sql.raw(
      "state <> 'deleted' or (object_key is null and customer_number_encrypted is null " +
        "and customer_number_index is null and customer_number_tail_index is null " +
        "and number_last_four_index is null and deleted_at is not null)",
    ),
  ),
  check(
    "recordings_deleted_references",
    sql.raw(
      "state not in ('rejected', 'deleted') or num_nonnulls(protocol_encrypted, protocol_index, " +
        "customer_reference_encrypted, customer_reference_index, tax_id_kind, tax_id_encrypted, tax_id_index) = 0",
    ),
  ),
];
