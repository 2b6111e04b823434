import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DescriptionList, type Fact } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

const day = (text: string) => text.split("-").reverse().join("/");

/** Who asks, through which channel, and how to be answered. What the reader may not see is left out. */
export function RequestFacts({ request }: { request: RequestDetails }) {
  const t = useTranslations("subjectRequests");
  const { timeZone, orderedDueOn } = request;
  const written = (text: string | null) => text && <span className="break-words whitespace-pre-line">{text}</span>;
  const answer = [t(`answerChannels.${request.answerChannel}`), t(`answerForms.${request.answerForm}`)].join(" · ");
  const facts: [term: string, description: ReactNode][] = [
    [t("columns.requester"), t(`requesters.${request.requester}`)],
    [t("columns.subject"), request.subjectName],
    [t("fields.requesterName"), request.requesterName],
    [t("fields.words"), written(request.words)],
    [t("detail.identifiers"), request.identifiers.length > 0 ? <Identifiers request={request} /> : null],
    [t("detail.period"), periodOf(request)],
    [t("columns.channel"), t(`channels.${request.channel}`)],
    [t("fields.authorityReference"), request.authorityReference],
    [t("fields.orderedDueOn"), orderedDueOn && day(orderedDueOn)],
    [t("columns.receivedAt"), <TimeText key="received" value={request.receivedAt} timeZone={timeZone} as="seconds" />],
    [
      t("detail.registeredAt"),
      <TimeText key="registered" value={request.createdAt} timeZone={timeZone} as="seconds" />,
    ],
    [t("detail.registeredBy"), request.registeredBy],
    [t("columns.assignee"), request.assignee ?? t("assign.nobody")],
    [t("detail.answer"), answer],
    [t("fields.answerAddress"), written(request.answerAddress)],
    [t("detail.identityLevel"), t(`levels.${request.identityLevel as 0}`)],
  ];
  const known: Fact[] = facts.flatMap(([term, description]) => (description ? [{ term, description }] : []));
  return (
    <>
      {request.seesPerson ? null : <p className="py-2 text-sm text-ink-muted">{t("detail.masked")}</p>}
      <DescriptionList facts={known} />
    </>
  );
}

const periodOf = ({ periodFrom, periodTo }: RequestDetails) =>
  periodFrom || periodTo ? `${periodFrom ? day(periodFrom) : "…"} – ${periodTo ? day(periodTo) : "…"}` : null;

function Identifiers({ request }: { request: RequestDetails }) {
  const t = useTranslations("subjectRequests");
  return (
    <ul>
      {request.identifiers.map(({ id, kind, value, findsRecordings, isProved }) => (
        <li key={id}>
          <span className="text-ink-muted">{t(`identifierKinds.${kind}`)}:</span>{" "}
          <span className="break-words tabular-nums">{value ?? "••••"}</span>
          {isProved ? <span className="text-sm text-ink-muted"> {t("detail.proved")}</span> : null}
          {findsRecordings ? null : <span className="text-sm text-caution"> {t("detail.unreadable")}</span>}
        </li>
      ))}
    </ul>
  );
}
