/**
 * The `recording.deleted` events of some recordings, as a condition on `audit_events`. Values are quoted already.
 * @param which a condition on `recordings`.
 * @param told a condition on the event: it must say the same.
 */
export function deletionsOf(which: string, told: string): string {
  // An array and not a join: nothing estimates how many rows a condition on `details` leaves, and the planner would compare each with each.
  return `action = 'recording.deleted' and target_type = 'recording' and target_id = any(array(select id::text from recordings where ${which})) and ${told}`;
}
