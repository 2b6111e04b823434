/** Where a walk in order of id begins. */
export const beforeEveryId = "00000000-0000-0000-0000-000000000000";
