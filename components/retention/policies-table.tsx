import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { RowLink } from "@/components/table/row-link";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { RetentionPolicyRow } from "@/lib/retention/select-retention-policies";

/** The active policies. Names are links to change them for those who may. */
export function PoliciesTable({ policies, mayWrite }: { policies: readonly RetentionPolicyRow[]; mayWrite: boolean }) {
  const t = useTranslations("retention.policies");
  const locale = useLocale();
  if (policies.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {(["name", "scope", "days", "justification", "changed"] as const).map((column) => (
              <th key={column} role="columnheader" scope="col" className={column === "days" ? "sm:text-right" : undefined}>
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {policies.map((policy) => (
            <tr key={policy.id} role="row">
              <td role="cell" data-primary>
                {mayWrite ? <RowLink href={`/retention/policies/${policy.id}` as Route}>{policy.name}</RowLink> : <span className="font-medium">{policy.name}</span>}{" "}
                {policy.moving ? <Badge tone="caution">{t("moving")}</Badge> : null}
              </td>
              <td role="cell" data-label={t("columns.scope")}>
                <Scope policy={policy} />
              </td>
              <td role="cell" data-label={t("columns.days")} className="sm:text-right">
                {formatNumber(policy.days, locale)}
              </td>
              <td role="cell" data-label={t("columns.justification")} className="max-w-96 min-w-40 max-sm:col-span-full sm:whitespace-normal">
                {policy.justification}
              </td>
              <td role="cell" data-label={t("columns.changed")} className="whitespace-nowrap">
                <TimeText value={policy.updatedAt ?? policy.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}

function Scope({ policy: { unit, queue } }: { policy: RetentionPolicyRow }) {
  const t = useTranslations("retention.policies");
  if (queue) return t("queueOf", { queue: queue.code, unit: unit?.name ?? "" });
  return unit ? unit.name : <Badge tone="accent">{t("default")}</Badge>;
}
