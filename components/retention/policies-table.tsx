import type { Route } from "next";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PolicyBadges } from "@/components/retention/policy-badges";
import { PolicyMatchText } from "@/components/retention/policy-match-text";
import { usePolicyWords } from "@/components/retention/use-policy-words";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import type { Messages } from "@/lib/i18n/namespaces";
import type { RetentionPolicyRow } from "@/lib/retention/select-retention-policies";

const columns = ["name", "match", "minimum", "period", "trigger", "basis", "reviewOn", "version"] as const satisfies readonly (keyof Messages["policies"]["columns"])[];

/** The policies: for what, how long at least, until when, counted from what, on which basis. Names lead to their page. */
export function PoliciesTable({ policies, today }: { policies: readonly RetentionPolicyRow[]; today: string }) {
  const t = useTranslations("policies");
  if (policies.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} role="columnheader" scope="col">
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {policies.map((policy) => (
            <PolicyRow key={policy.id} policy={policy} today={today} />
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}

function PolicyRow({ policy, today }: { policy: RetentionPolicyRow; today: string }) {
  const t = useTranslations("policies");
  const { period } = usePolicyWords();
  const cells: Record<Exclude<(typeof columns)[number], "name">, ReactNode> = {
    match: <PolicyMatchText policy={policy} />,
    minimum: policy.minimum ? period(policy.minimum) : t("none"),
    period: period(policy.period),
    trigger: t(`triggers.${policy.trigger}`),
    basis: policy.legalBasis ? t(`bases.${policy.legalBasis}`) : t("notStated"),
    reviewOn: <ReviewDay day={policy.reviewOn} />,
    version: policy.version,
  };
  return (
    <tr role="row">
      <td role="cell" data-primary className="min-w-48 sm:whitespace-normal">
        <RowLink href={`/retention/policies/${policy.id}` as Route}>{policy.name}</RowLink> <PolicyBadges policy={policy} today={today} />
      </td>
      {Object.entries(cells).map(([column, cell]) => (
        <td key={column} role="cell" data-label={t(`columns.${column as keyof typeof cells}`)} className={column === "match" || column === "basis" ? "min-w-40 sm:whitespace-normal" : "whitespace-nowrap"}>
          {cell}
        </td>
      ))}
    </tr>
  );
}

/** A calendar day, which no zone moves. */
export function ReviewDay({ day }: { day: string }) {
  return <time dateTime={day}>{day.split("-").reverse().join("/")}</time>;
}
