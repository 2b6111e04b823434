import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CountsTable } from "@/components/subject-requests/statistics/counts-table";
import { RightsStatistics } from "@/components/subject-requests/statistics/rights-statistics";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { formatNumber } from "@/lib/i18n/format";
import type { Statistics } from "@/lib/subject-requests/statistics/read-statistics";

/** What is open now; then what was received in a period, by right, month, channel, requester and measure. */
export function StatisticsView({ statistics }: { statistics: Statistics }) {
  const t = useTranslations("subjectRequests");
  const { months, channels, requesters, rights, decisions, anonymised } = statistics;
  const received = t("statistics.received");
  const monthRows = months.map((row) => ({
    key: row.month,
    name: monthName(row.month),
    counts: [row.received, row.open],
  }));
  const channelRows = channels.map((row) => ({
    ...{ key: row.channel, name: t(`channels.${row.channel}`), counts: [row.received] },
  }));
  const requesterRows = requesters.map((row) => ({
    ...{ key: row.requester, name: t(`requesters.${row.requester}`), counts: [row.received] },
  }));
  const decisionRows = decisions.map(({ measure, ground, recordings, done }) => {
    const why = ground === null ? "" : ` · ${t(`refusals.${ground as "legal_obligation"}`)}`;
    return {
      key: `${measure} ${ground}`,
      name: `${t(`measures.${measure}`)}${why}`,
      counts: [recordings, done],
    };
  });
  const anonymisedRows = anonymised.map((row) => ({
    key: [row.month, row.unit, row.queue].join(" "),
    name: [monthName(row.month), row.unit ?? t("statistics.otherUnits"), row.queue].filter(Boolean).join(" · "),
    counts: [row.recordings, Math.round(row.durationMs / 60_000)],
  }));
  const table = (of: string, rows: Parameters<typeof CountsTable>[0]["rows"], counted: string[]) => (
    <CountsTable label={of} of={of} counted={counted} rows={rows} />
  );
  return (
    <>
      <Now statistics={statistics} />
      <Section id="by-right" title={t("statistics.byRight")} isEmpty={rights.length === 0}>
        <RightsStatistics rights={rights} />
      </Section>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Section id="by-month" title={t("statistics.byMonth")} isEmpty={months.length === 0}>
          {table(t("statistics.month"), monthRows, [received, t("statistics.open")])}
        </Section>
        <Section id="by-measure" title={t("statistics.byMeasure")} isEmpty={decisions.length === 0}>
          {table(t("statistics.measure"), decisionRows, [t("statistics.recordings"), t("statistics.done")])}
        </Section>
        <Section
          id="anonymised"
          title={t("statistics.anonymised")}
          note={t("statistics.byCall")}
          isEmpty={anonymised.length === 0}
        >
          {table(t("statistics.group"), anonymisedRows, [t("statistics.recordings"), t("statistics.minutes")])}
        </Section>
        <Aside statistics={statistics} />
        <Section id="by-channel" title={t("statistics.byChannel")} isEmpty={channels.length === 0}>
          {table(t("columns.channel"), channelRows, [received])}
        </Section>
        <Section id="by-requester" title={t("statistics.byRequester")} isEmpty={requesters.length === 0}>
          {table(t("columns.requester"), requesterRows, [received])}
        </Section>
      </div>
    </>
  );
}

/** "2026-11" as people write it in Brazil. */
const monthName = (month: string) => month.split("-").reverse().join("/");

type SectionProps = { id: string; title: string; note?: string; isEmpty: boolean; children: ReactNode };

function Section({ id, title, note, isEmpty, children }: SectionProps) {
  const t = useTranslations("subjectRequests.statistics");
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} description={note} />
      {isEmpty ? <CardBody className="text-ink-muted">{t("none")}</CardBody> : children}
    </Card>
  );
}

function Now({ statistics: { now } }: { statistics: Statistics }) {
  const t = useTranslations("subjectRequests.statistics.now");
  const figures = ["upTo5", "upTo10", "upTo15", "older", "overdue", "mostDaysLate", "notices"] as const;
  return (
    <Card aria-labelledby="now">
      <CardHeader id="now" title={t("title")} description={t("description")} />
      <Figures figures={figures.map((name) => [t(name), now[name]])} />
    </Card>
  );
}

/** What is in no table: of the requests received in the period. */
function Aside({ statistics: { unproven, identityFailures, reopened } }: { statistics: Statistics }) {
  const t = useTranslations("subjectRequests.statistics");
  return (
    <Card aria-labelledby="aside">
      <CardHeader id="aside" title={t("aside")} />
      <Figures
        figures={[
          [t("unproven"), unproven],
          [t("identityFailures"), identityFailures],
          [t("reopened"), reopened],
        ]}
      />
    </Card>
  );
}

function Figures({ figures }: { figures: readonly [name: string, value: number][] }) {
  const locale = useLocale();
  const facts = figures.map(([term, value]) => ({
    term,
    description: <span className="tabular-nums">{formatNumber(value, locale)}</span>,
  }));
  return (
    <CardBody className="py-2">
      <DescriptionList columns={2} facts={facts} />
    </CardBody>
  );
}
