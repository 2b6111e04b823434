import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import {
  addAffectedAction,
  changeIncidentAction,
  closeIncidentAction,
  recordNoticeAction,
} from "@/app/(portal)/compliance/incidents/actions";
import { EventTimeline } from "@/components/audit/event-timeline";
import { AffectedRecordings } from "@/components/compliance/incidents/affected-recordings";
import { EditIncident } from "@/components/compliance/incidents/edit-incident";
import { IncidentFactsList } from "@/components/compliance/incidents/incident-facts-list";
import { IncidentNotices } from "@/components/compliance/incidents/incident-notices";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { draftNotices } from "@/lib/compliance/incidents/draft-notices";
import { readIncident } from "@/lib/compliance/incidents/read-incident";
import { readIncidentChoices } from "@/lib/compliance/incidents/read-incident-choices";
import { newId } from "@/lib/core/new-id";
import { localDateTime } from "@/lib/core/time";
import { listUnits } from "@/lib/access/units/list-units";
import { loadPage } from "@/lib/http/load-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("incidents"))("title") };
}

export default async function IncidentPage({ params }: { params: Promise<{ incidentId: string }> }) {
  const { incidentId } = await params;
  const incident = await loadPage(readIncident, { incidentId });
  const [t, locale, units, choices] = await Promise.all([
    getTranslations("incidents"),
    getLocale(),
    loadPage(listUnits, {}),
    incident.mayManage ? loadPage(readIncidentChoices, {}) : null,
  ]);
  const drafts = await loadPage(draftNotices, { incidentId, locale });
  const field = (moment: Date | null) => (moment ? localDateTime(moment, incident.timeZone).slice(0, 16) : "");
  const facts = {
    ...incident,
    ...{ knownAt: field(incident.knownAt), occurredFrom: field(incident.occurredFrom) },
    occurredTo: field(incident.occurredTo),
  };
  const actions = choices ? (
    <>
      <EditIncident incident={incident} facts={facts} choices={choices} action={changeIncidentAction} />
      <ConfirmedAction
        trigger={<Button>{t("close.label")}</Button>}
        title={t("close.title")}
        description={t("close.description")}
        confirmLabel={t("close.confirm")}
        done={t("status.closed")}
        tone="primary"
        fields={{ incidentId }}
        action={closeIncidentAction}
      />
    </>
  ) : null;
  return (
    <>
      <PageHeader
        title={t("number", { number: incident.number })}
        description={
          incident.closedBy === null
            ? t("facts.registeredBy", { name: incident.registeredBy })
            : t("facts.closedBy", { name: incident.closedBy })
        }
        parent={{ href: "/compliance/incidents", label: t("title") }}
        actions={actions}
      />
      <div className="grid gap-4">
        <Card aria-labelledby="facts">
          <CardHeader id="facts" title={t("facts.title")} />
          <CardBody className="py-2">
            <IncidentFactsList incident={incident} />
          </CardBody>
        </Card>
        <AffectedRecordings
          incidentId={incidentId}
          affected={incident.affected}
          units={units}
          add={incident.mayManage ? addAffectedAction : undefined}
        />
        <IncidentNotices
          incident={incident}
          record={choices ? { noticeId: newId(), kinds: choices.noticeKinds, action: recordNoticeAction } : undefined}
        />
        <Card aria-labelledby="drafts">
          <CardHeader id="drafts" title={t("drafts.title")} description={t("drafts.description")} />
          <CardBody className="grid gap-3">
            {(["anpd", "subjects"] as const).map((kind) => (
              <details key={kind}>
                <summary className="w-fit cursor-pointer font-medium text-accent">{t(`drafts.${kind}`)}</summary>
                <p className="mt-2 rounded bg-sunken p-3 break-words whitespace-pre-wrap">{drafts[kind]}</p>
              </details>
            ))}
          </CardBody>
        </Card>
        <Card aria-labelledby="history">
          <CardHeader id="history" title={t("history")} />
          <EventTimeline events={incident.events} />
        </Card>
      </div>
    </>
  );
}
