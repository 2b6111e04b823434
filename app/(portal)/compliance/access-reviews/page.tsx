import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { confirmUnitAction, decideAccessAction } from "@/app/(portal)/compliance/access-reviews/actions";
import { ConfirmUnit } from "@/components/compliance/access-reviews/confirm-unit";
import { ReviewTable } from "@/components/compliance/access-reviews/review-table";
import { RoleRights } from "@/components/compliance/access-reviews/role-rights";
import { writtenDay } from "@/components/retention/due-href";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { readAccessReview } from "@/lib/compliance/access-reviews/read-access-review";
import { loadPage } from "@/lib/http/load-page";
import type { SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("accessReviews"))("title") };
}

export default async function AccessReviewsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { review: asked } = await searchParams;
  const reviewId = typeof asked === "string" && asked !== "" ? asked : undefined;
  const [t, compliance, review] = await Promise.all([
    getTranslations("accessReviews"),
    getTranslations("compliance"),
    loadPage(readAccessReview, { reviewId }),
  ]);
  const header = (
    <PageHeader
      title={t("title")}
      description={t("description")}
      parent={{ href: "/compliance", label: compliance("title") }}
    />
  );
  if (!review)
    return (
      <>
        {header}
        <Card>
          <EmptyState title={t("empty.title")} description={t("empty.description")} />
        </Card>
      </>
    );
  const quarter = (day: string) =>
    t("quarter", { number: String(Math.ceil(Number(day.slice(5, 7)) / 3)), year: day.slice(0, 4) });
  const state = review.endedAt ? "ended" : review.isOverdue ? "overdue" : "open";
  return (
    <>
      {header}
      <div className="grid gap-4">
        <Card aria-label={t("summary")}>
          <CardBody className="grid gap-3">
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <strong>{quarter(review.quarter)}</strong>
              <Badge tone={{ ended: "positive", overdue: "danger", open: "info" }[state] as "info"}>
                {t(`states.${state}`)}
              </Badge>
              <span>{t("left", { count: review.undecided })}</span>
              <span className="text-ink-muted">{t("dueOn", { day: writtenDay(review.dueOn) })}</span>
            </p>
            <div className="flex flex-wrap items-end gap-4">
              <ChoiceFilterBar
                action="/compliance/access-reviews"
                filters={[
                  {
                    ...{ name: "review", label: t("review"), any: t("latest"), value: reviewId },
                    options: review.earlier.map((one) => ({ value: one.id, label: quarter(one.quarter) })),
                  },
                ]}
              />
              {review.mayDecide && review.units.length > 0 ? (
                <ConfirmUnit review={review} action={confirmUnitAction} />
              ) : null}
            </div>
            <RoleRights rights={review.rights} />
          </CardBody>
        </Card>
        <Card>
          <ReviewTable review={review} action={decideAccessAction} />
        </Card>
      </div>
    </>
  );
}
