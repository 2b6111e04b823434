import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { HoldRow } from "@/lib/legal-holds/list-holds";

const tones: Record<HoldRow["state"], Tone> = {
  in_force: "info",
  review_due: "danger",
  release_requested: "caution",
  released: "neutral",
};

/** Lists legal holds, what each keeps, and its review date. */
export function HoldsTable({ holds, isNarrowed }: { holds: readonly HoldRow[]; isNarrowed: boolean }) {
  const t = useTranslations("holds");
  const locale = useLocale();
  if (holds.length === 0)
    return isNarrowed ? (
      <EmptyState title={t("empty.narrowedTitle")} description={t("empty.narrowedDescription")} />
    ) : (
      <EmptyState title={t("empty.title")} description={t("empty.description")} />
    );
  const columns: PlainColumn<HoldRow>[] = [
    {
      key: "matter",
      label: t("columns.matter"),
      className: "min-w-48 sm:whitespace-normal",
      cell: ({ id, matter }) => <RowLink href={`/retention/holds/${id}` as Route}>{matter}</RowLink>,
    },
    { key: "state", label: t("columns.state"), cell: (hold) => <HoldStateBadges hold={hold} /> },
    {
      key: "recordings",
      label: t("columns.recordings"),
      align: "end",
      cell: ({ recordings }) => formatNumber(recordings, locale),
    },
    { key: "owner", label: t("columns.owner"), cell: ({ owner }) => owner },
    { key: "reviewOn", label: t("columns.reviewOn"), cell: ({ reviewOn }) => reviewOn.split("-").reverse().join("/") },
    { key: "createdAt", label: t("columns.createdAt"), cell: ({ createdAt }) => <TimeText value={createdAt} /> },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={holds} rowId={({ id }) => id} />;
}

function HoldStateBadges({ hold: { state, isPlacing } }: { hold: HoldRow }) {
  const t = useTranslations("holds");
  return (
    <>
      <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>{" "}
      {isPlacing ? <Badge tone="caution">{t("placing")}</Badge> : null}
    </>
  );
}
