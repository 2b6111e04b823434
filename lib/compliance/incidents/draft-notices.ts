import { createTranslator } from "use-intl/core";
import { z } from "zod";
import { currentController } from "@/lib/access/controller/controller-facts";
import { readIncident } from "@/lib/compliance/incidents/read-incident";
import { formatDateTime } from "@/lib/i18n/format";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { query } from "@/lib/operation/operation";

/**
 * Drafts of the notices to the ANPD (Res. CD/ANPD 15/2024, Art. 6, § 2) and to the persons (Art. 9), from the record
 * and the controller's settings. What nobody said stays in brackets. The portal sends neither.
 * @throws AppError `not_found`
 */
export const draftNotices = query({
  permission: "incident:read",
  input: z.object({ incidentId: z.uuid(), locale: z.enum(locales) }),
  run: async ({ db, context, input: { incidentId, locale } }) => {
    const incident = await readIncident(context, { incidentId });
    const { facts } = await currentController(db);
    const { incidents } = await loadMessages(locale);
    const say = createTranslator({ locale, messages: { incidents }, namespace: "incidents" });
    const missing = say("draft.missing");
    const time = (moment: Date | null) => (moment ? formatDateTime(moment, incident.timeZone) : missing);
    const [from, to] = [incident.occurredFrom, incident.occurredTo].map(time);
    const said = {
      controller: facts.legalName || missing,
      cnpj: facts.cnpj ?? missing,
      smallAgent: say(incident.isSmallAgent ? "draft.yes" : "draft.no"),
      officer: facts.officerName ?? missing,
      contact: facts.contactEmail ?? facts.contactPhone ?? missing,
      occurred: incident.occurredTo === null ? from! : `${from} – ${to}`,
      known: time(incident.knownAt),
      circumstances: incident.circumstances,
      dataKinds: incident.dataKinds.map((kind) => say(`dataKinds.${kind}`)).join(", ") || missing,
      criteria: incident.criteria.map((one) => say(`criteria.${one}`)).join(", ") || missing,
      subjects: String(incident.subjectsEstimated ?? missing),
      recordings: String(incident.affected.recordings),
      people: String(incident.affected.people),
      risks: incident.risks || missing,
      measures: incident.measures || missing,
      reason: incident.noticeReason || "–",
    };
    return { anpd: say("draft.anpd", said), subjects: say("draft.subjects", said) };
  },
});
