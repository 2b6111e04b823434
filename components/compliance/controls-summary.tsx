import { useTranslations } from "next-intl";
import { TimeText } from "@/components/ui/time-text";
import type { ControlList } from "@/lib/compliance/list-controls";

const shown = ["pass", "fail", "accepted", "unknown", "not_applicable"] as const;

/** When the controls were checked, and how many there are in each state. */
export function ControlsSummary({ check, counts }: Pick<ControlList, "check" | "counts">) {
  const t = useTranslations("compliance");
  if (!check) return <p>{t("never")}</p>;
  return (
    <div className="grid gap-3">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {shown.map((state) => (
          <div key={state}>
            <dt className="text-sm text-ink-muted">{t(`counts.${state}`)}</dt>
            <dd className="text-lg font-semibold tabular-nums">{counts[state]}</dd>
          </div>
        ))}
      </dl>
      <p className="text-sm text-ink-muted">
        {t.rich("checkedAt", { time: () => <TimeText value={check.checkedAt} /> })}{" "}
        {check.checkedBy === null ? t("byJob") : t("byPerson", { name: check.checkedBy })}
      </p>
    </div>
  );
}
