import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import { TimeText } from "@/components/ui/time-text";
import type { RetentionHealth } from "@/lib/retention/retention-health";

/** Says loudly that nothing is being deleted, or that nothing can be taken in. Nothing to say: nothing shown. */
export function RetentionAlarm({ health: { overdue, lastRunAt }, hasPolicies }: { health: RetentionHealth; hasPolicies: boolean }) {
  const t = useTranslations("retention.alarm");
  return (
    <>
      {hasPolicies ? null : <FormMessage>{t("noPolicy")}</FormMessage>}
      {overdue ? (
        <FormMessage>
          <strong className="font-semibold">{t("overdue")}</strong> {lastRunAt ? t.rich("lastRun", { time: () => <TimeText value={lastRunAt} /> }) : t("neverRun")}
        </FormMessage>
      ) : null}
    </>
  );
}
