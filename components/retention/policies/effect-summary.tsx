import { useLocale, useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { PolicyEffect } from "@/lib/retention/policies/policy-effect";

/** Describes what a change of policy would do to the stored recordings, in lines. */
export function useEffectLines(): (effect: PolicyEffect) => string[] {
  const t = useTranslations("policies.effect");
  const locale = useLocale();
  return ({ recordings, earlier, later, minimumLater, minimumEarlier }) => {
    const amount = ({ recordings: count, sizeBytes }: PolicyEffect["later"]) => ({
      count,
      size: formatBytes(sizeBytes, locale),
    });
    const moves = earlier.recordings + later.recordings;
    return [
      t("concerned", { count: recordings }),
      ...(recordings > 0 && moves === 0 ? [t("none")] : []),
      ...(earlier.recordings > 0 ? [t("earlier", amount(earlier))] : []),
      ...(later.recordings > 0 ? [t("later", amount(later))] : []),
      ...(minimumLater > 0 ? [t("minimumLater", { count: minimumLater })] : []),
      ...(minimumEarlier > 0 ? [t("minimumEarlier", { count: minimumEarlier })] : []),
    ];
  };
}

/** The same in full: highlights what would be due at once, and shows in which months dates fall before and after. */
export function EffectSummary({ effect }: { effect: PolicyEffect & { needsApproval: boolean } }) {
  const t = useTranslations("policies.effect");
  const locale = useLocale();
  const lines = useEffectLines()(effect);
  const { dueAtOnce, needsApproval } = effect;
  return (
    <>
      <ul className="grid gap-1">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <FormMessage tone={dueAtOnce.recordings > 0 ? "caution" : "info"}>
        {t("dueAtOnce", { count: dueAtOnce.recordings, size: formatBytes(dueAtOnce.sizeBytes, locale) })}
      </FormMessage>
      {needsApproval ? <FormMessage tone="caution">{t("needsApproval")}</FormMessage> : null}
      {effect.months.length > 0 ? <Months months={effect.months} /> : null}
    </>
  );
}

function Months({ months }: { months: PolicyEffect["months"] }) {
  const t = useTranslations("policies.effect");
  const locale = useLocale();
  return (
    <TableRegion label={t("months")} className="max-h-80 overflow-y-auto">
      <Table>
        <caption className="py-1 text-left text-sm text-ink-muted">{t("months")}</caption>
        <TableHead>
          <TableRow>
            <TableHeader>{t("month")}</TableHeader>
            <TableHeader className="text-right">{t("leaving")}</TableHeader>
            <TableHeader className="text-right">{t("coming")}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {months.map(({ month, leaving, coming }) => (
            <TableRow key={month}>
              <TableCell>{month ? month.split("-").reverse().join("/") : t("laterMonths")}</TableCell>
              <TableCell className="text-right">{formatNumber(leaving, locale)}</TableCell>
              <TableCell className="text-right">{formatNumber(coming, locale)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}
