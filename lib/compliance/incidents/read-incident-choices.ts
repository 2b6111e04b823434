import { z } from "zod";
import { incidentCriteria, incidentDataKinds, incidentEffects, incidentNoticeKinds } from "@/lib/db/schema/incidents";
import { query } from "@/lib/operation/operation";

/** What may be chosen in the forms of an incident, in their order. */
export const readIncidentChoices = query({
  permission: "incident:manage",
  input: z.object({}),
  run: async () => ({
    criteria: incidentCriteria,
    dataKinds: incidentDataKinds,
    effects: incidentEffects,
    noticeKinds: incidentNoticeKinds,
  }),
});

export type IncidentChoices = Awaited<ReturnType<typeof readIncidentChoices>>;
