import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import type { PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { useCause, useStoreName } from "@/components/ui/code-words";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";

type Failure = {
  recordingId: string;
  unit: string;
  store: string | null;
  code: string | null;
  attempts: number;
  retryAt: Date | null;
};

/** Returns the columns that all lists of failed deletions share. */
export function useFailureColumns() {
  const t = useTranslations("retention.failed.columns");
  const locale = useLocale();
  const [storeName, cause] = [useStoreName(), useCause()];
  return {
    recording: {
      key: "recording",
      label: t("recording"),
      className: "font-mono text-sm",
      cell: ({ recordingId }) => <RowLink href={`/recordings/${recordingId}` as Route}>{recordingId}</RowLink>,
    },
    unit: { key: "unit", label: t("unit"), cell: ({ unit }) => unit },
    store: {
      key: "store",
      label: t("store"),
      cell: ({ store, code }) => [store && storeName(store), code && cause(code)].filter(Boolean).join(": "),
    },
    attempts: {
      key: "attempts",
      label: t("attempts"),
      align: "end",
      cell: ({ attempts }) => formatNumber(attempts, locale),
    },
    retryAt: {
      key: "retryAt",
      label: t("retryAt"),
      cell: ({ retryAt }) => (retryAt ? <TimeText value={retryAt} /> : "–"),
    },
  } satisfies Record<string, PlainColumn<Failure>>;
}
