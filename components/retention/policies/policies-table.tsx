import type { Route } from "next";
import { useTranslations } from "next-intl";
import { PolicyBadges } from "@/components/retention/policies/policy-badges";
import { PolicyMatchText } from "@/components/retention/policies/policy-match-text";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import type { RetentionPolicyRow } from "@/lib/retention/policies/policy-selection";

/**
 * Lists the policies: what each applies to, its minimum, period, trigger and legal basis. Names link to their pages.
 */
export function PoliciesTable({ policies, today }: { policies: readonly RetentionPolicyRow[]; today: string }) {
  const t = useTranslations("policies");
  const { period } = usePolicyWords();
  if (policies.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  const long = "min-w-40 sm:whitespace-normal";
  const columns: PlainColumn<RetentionPolicyRow>[] = [
    {
      key: "name",
      label: t("columns.name"),
      className: "min-w-48 sm:whitespace-normal",
      cell: (policy) => (
        <>
          <RowLink href={`/retention/policies/${policy.id}` as Route}>{policy.name}</RowLink>{" "}
          <PolicyBadges policy={policy} today={today} />
        </>
      ),
    },
    { key: "match", label: t("columns.match"), className: long, cell: (policy) => <PolicyMatchText policy={policy} /> },
    { key: "minimum", label: t("columns.minimum"), cell: ({ minimum }) => (minimum ? period(minimum) : t("none")) },
    { key: "period", label: t("columns.period"), cell: (policy) => period(policy.period) },
    { key: "trigger", label: t("columns.trigger"), cell: ({ trigger }) => t(`triggers.${trigger}`) },
    {
      key: "basis",
      label: t("columns.basis"),
      className: long,
      cell: ({ legalBasis }) => (legalBasis ? t(`bases.${legalBasis}`) : t("notStated")),
    },
    { key: "reviewOn", label: t("columns.reviewOn"), cell: ({ reviewOn }) => <ReviewDay day={reviewOn} /> },
    { key: "version", label: t("columns.version"), cell: ({ version }) => version },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={policies} rowId={({ id }) => id} />;
}

/** Shows a calendar day, which does not depend on a time zone. */
export function ReviewDay({ day }: { day: string }) {
  return <time dateTime={day}>{day.split("-").reverse().join("/")}</time>;
}
