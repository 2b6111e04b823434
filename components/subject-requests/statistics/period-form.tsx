import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Statistics } from "@/lib/subject-requests/statistics/read-statistics";

/** The days of receipt that are counted. They live in the address. */
export function PeriodForm({ period: { from, to } }: { period: Statistics["period"] }) {
  const t = useTranslations("subjectRequests.statistics");
  return (
    <form action="/privacy-requests/statistics" className="flex flex-wrap items-end gap-3">
      <Field id="from" label={t("from")}>
        <Input type="date" name="from" defaultValue={from} />
      </Field>
      <Field id="to" label={t("to")}>
        <Input type="date" name="to" defaultValue={to} />
      </Field>
      <Button type="submit">{t("show")}</Button>
    </form>
  );
}
