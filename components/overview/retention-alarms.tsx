import { useTranslations } from "next-intl";
import { DiscrepancyAlarm } from "@/components/store-scan/discrepancy-alarm";
import { writtenDay } from "@/components/retention/due-href";
import { FormMessage } from "@/components/ui/form-message";
import { TextLink } from "@/components/ui/text-link";
import { TimeText } from "@/components/ui/time-text";
import type { RetentionHealth } from "@/lib/overview/retention-health";

/** The alarms. A part that the reader may not see is undefined. */
export type RetentionAlarmsProps = {
  health?: RetentionHealth;
  hasPolicies?: boolean;
  failedDeletions?: number;
  /** Severe discrepancies between stores and tables. */
  severeDiscrepancies?: number;
  /** Recordings with a doubtful date; 1000 means so many or more. */
  doubtfulDates?: number;
  /** Active holds past their review date. */
  holdReviews?: number;
  /** Active policies past their review date. */
  policyReviews?: readonly { id: string; name: string; reviewOn: string }[];
  /** Active policies over sensitive content whose basis is none of Art. 11. */
  basisReviews?: readonly { id: string; name: string }[];
};

/** Lists what needs attention, each with a link; or says that nothing does. */
export function RetentionAlarms({
  health,
  hasPolicies = true,
  failedDeletions = 0,
  severeDiscrepancies = 0,
  doubtfulDates = 0,
  holdReviews = 0,
  policyReviews = [],
  basisReviews = [],
}: RetentionAlarmsProps) {
  const t = useTranslations("retention.alarm");
  const alarms = [
    hasPolicies ? null : (
      <FormMessage key="noPolicy">
        {t.rich("noPolicy", { link: (text) => <TextLink href={"/retention/policies/presets"}>{text}</TextLink> })}
      </FormMessage>
    ),
    health?.overdue ? (
      <FormMessage key="overdue">
        <strong className="font-semibold">{t("overdue")}</strong>{" "}
        {health.lastRunAt
          ? t.rich("lastRun", {
              time: () => <TimeText value={health.lastRunAt!} />,
              link: (text) => <TextLink href={"/retention/runs"}>{text}</TextLink>,
            })
          : t("neverRun")}
      </FormMessage>
    ) : null,
    failedDeletions > 0 ? (
      <FormMessage key="failed">
        {t.rich("failedDeletions", {
          count: failedDeletions,
          link: (text) => <TextLink href={"#failed"}>{text}</TextLink>,
        })}
      </FormMessage>
    ) : null,
    severeDiscrepancies > 0 ? <DiscrepancyAlarm key="discrepancies" count={severeDiscrepancies} /> : null,
    doubtfulDates > 0 ? (
      <FormMessage key="doubtful" tone="caution">
        {t.rich("doubtfulDates", {
          count: doubtfulDates,
          link: (text) => <TextLink href={"/recordings?doubtfulDate=yes"}>{text}</TextLink>,
        })}
      </FormMessage>
    ) : null,
    holdReviews > 0 ? (
      <FormMessage key="holds" tone="caution">
        {t.rich("holdReviews", {
          count: holdReviews,
          link: (text) => <TextLink href={"/retention/holds?state=review_due"}>{text}</TextLink>,
        })}
      </FormMessage>
    ) : null,
    ...policyReviews.map(({ id, name, reviewOn }) => (
      <FormMessage key={id} tone="caution">
        {t.rich("policyReview", {
          name,
          day: writtenDay(reviewOn),
          link: (text) => <TextLink href={`/retention/policies/${id}`}>{text}</TextLink>,
        })}
      </FormMessage>
    )),
    ...basisReviews.map(({ id, name }) => (
      <FormMessage key={`basis ${id}`} tone="caution">
        {t.rich("basisReview", {
          name,
          link: (text) => <TextLink href={`/retention/policies/${id}`}>{text}</TextLink>,
        })}
      </FormMessage>
    )),
  ].filter((alarm) => alarm !== null);
  return alarms.length > 0 ? (
    <div className="grid gap-2">{alarms}</div>
  ) : (
    <FormMessage tone="positive">{t("none")}</FormMessage>
  );
}
