import { useTranslations } from "next-intl";
import { DecideAccess } from "@/components/compliance/access-reviews/decide-access";
import type { FormAction } from "@/components/forms/use-action-form";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge } from "@/components/ui/badge";
import { TimeText } from "@/components/ui/time-text";
import type { AccessReview, AccessReviewRow } from "@/lib/compliance/access-reviews/read-access-review";

export type ReviewTableProps = { review: Pick<AccessReview, "id" | "rows">; action: FormAction<unknown> };

const tones = { confirmed: "positive", units_removed: "caution", deactivated: "danger" } as const;

/** Everybody in a review, with what they may do now and what was decided. */
export function ReviewTable({ review, action }: ReviewTableProps) {
  const [t, roles] = [useTranslations("accessReviews"), useTranslations("shell.roles")];
  const columns: PlainColumn<AccessReviewRow>[] = [
    {
      key: "person",
      label: t("columns.person"),
      cell: ({ person }) => (
        <>
          {person.name}
          {person.active ? null : <span className="text-ink-muted"> ({t("inactive")})</span>}
        </>
      ),
    },
    { key: "role", label: t("columns.role"), cell: ({ person }) => roles(person.role) },
    {
      key: "units",
      label: t("columns.units"),
      cell: ({ person }) => person.units.map(({ name }) => name).join(", ") || "–",
    },
    {
      key: "signIn",
      label: t("columns.signIn"),
      cell: ({ person }) => (person.lastSignInAt ? <TimeText value={person.lastSignInAt} /> : t("never")),
    },
    {
      key: "decision",
      label: t("columns.decision"),
      className: "min-w-64",
      cell: (row) => <Decision row={row} reviewId={review.id} action={action} />,
    },
  ];
  return <PlainTable label={t("list")} columns={columns} rows={review.rows} rowId={({ person }) => person.id} />;
}

type DecisionProps = { row: AccessReviewRow; reviewId: string; action: FormAction<unknown> };

function Decision({ row: { person, decision, decidedAt, decidedBy, mayDecide }, reviewId, action }: DecisionProps) {
  const t = useTranslations("accessReviews");
  if (mayDecide) return <DecideAccess reviewId={reviewId} person={person} action={action} />;
  if (decision === null) return <span className="text-ink-muted">{t(person.active ? "waiting" : "gone")}</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Badge tone={tones[decision]}>{t(`decisions.${decision}`)}</Badge>
      <span className="text-sm text-ink-muted">
        {decidedBy}, {decidedAt ? <TimeText value={decidedAt} /> : null}
      </span>
    </span>
  );
}
