import { useTranslations } from "next-intl";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { PolicyVersion } from "@/lib/retention/policies/read-retention-policy";

/** Lists every version of a policy: its terms, the reason, who changed it and who approved it. */
export function PolicyHistory({ versions }: { versions: readonly PolicyVersion[] }) {
  const t = useTranslations("policies.history");
  const { sentence } = usePolicyWords();
  return (
    <Card className="mt-4 max-w-2xl" aria-labelledby="history">
      <CardHeader id="history" title={t("title")} />
      <ol className="divide-y divide-line">
        {versions.map(({ version, terms, active, reason, createdAt, changedBy, approvedBy }) => (
          <li key={version} className="grid gap-1 px-4 py-3">
            <h3 className="flex flex-wrap items-center gap-2 font-semibold">
              {t("version", { version })}
              {active ? null : <Badge>{t("ended")}</Badge>}
            </h3>
            <p>{sentence(terms)}</p>
            <p className="break-words whitespace-pre-line">{reason}</p>
            <p className="text-sm text-ink-muted">
              {t.rich(changedBy ? "by" : "byServer", {
                name: changedBy ?? "",
                time: () => <TimeText value={createdAt} />,
              })}{" "}
              {approvedBy ? t("approvedBy", { name: approvedBy }) : null}
            </p>
          </li>
        ))}
      </ol>
    </Card>
  );
}
