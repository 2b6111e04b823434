import { useTranslations } from "next-intl";
import { EndTerm, VoidTerm } from "@/components/compliance/terms/term-actions";
import type { FormAction } from "@/components/forms/use-action-form";
import { writtenDay } from "@/components/retention/due-href";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { TermList } from "@/lib/compliance/terms/list-terms";

type Row = TermList["terms"][number];

export type TermsListProps = Pick<TermList, "terms" | "now"> & {
  /** Left out for readers who may not write. */
  actions?: { end: FormAction<unknown>; annul: FormAction<unknown> } | undefined;
};

/** Who is in office today, and all terms with their acts, also the voided ones. */
export function TermsList({ terms, now, actions }: TermsListProps) {
  const t = useTranslations("compliance.terms");
  const columns: PlainColumn<Row>[] = [
    { key: "role", label: t("role"), cell: ({ role }) => t(`roles.${role}`) },
    { key: "name", label: t("name"), cell: ({ name }) => name },
    {
      key: "act",
      label: t("act"),
      cell: ({ act, signedOn }) => t("signed", { act, day: writtenDay(signedOn) }),
    },
    {
      key: "days",
      label: t("days"),
      cell: ({ startsOn, endsOn }) =>
        endsOn === null
          ? t("since", { day: writtenDay(startsOn) })
          : t("fromTo", { from: writtenDay(startsOn), to: writtenDay(endsOn) }),
    },
    {
      key: "recordedBy",
      label: t("recordedBy"),
      cell: ({ recordedBy, createdAt, voidedBy }) => (
        <>
          {recordedBy}, <TimeText value={createdAt} />
          {voidedBy === null ? null : <Badge tone="neutral">{t("voidedBy", { name: voidedBy })}</Badge>}
        </>
      ),
    },
    ...(actions
      ? [
          {
            key: "actions",
            label: t("actions"),
            cell: ({ id, name, endsOn, voidedAt }: Row) =>
              voidedAt === null ? (
                <div className="flex flex-wrap items-end gap-2">
                  {endsOn === null ? <EndTerm termId={id} name={name} action={actions.end} /> : null}
                  <VoidTerm termId={id} name={name} action={actions.annul} />
                </div>
              ) : null,
          },
        ]
      : []),
  ];
  return (
    <Card aria-labelledby="terms">
      <CardHeader id="terms" title={t("list")} />
      <CardBody className="grid gap-3">
        <ul className="grid gap-1">
          {now.map(({ role, name, daysWithout }) => (
            <li key={role}>
              {t("now", { role: t(`roles.${role}`), name: name ?? t("nobody") })}{" "}
              {daysWithout > 0 ? <Badge tone="danger">{t("daysWithout", { count: daysWithout })}</Badge> : null}
            </li>
          ))}
        </ul>
        {terms.length === 0 ? (
          <p className="text-ink-muted">{t("none")}</p>
        ) : (
          <PlainTable label={t("table")} columns={columns} rows={terms} rowId={({ id }) => id} />
        )}
      </CardBody>
    </Card>
  );
}
