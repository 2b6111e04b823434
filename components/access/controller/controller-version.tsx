import { useTranslations } from "next-intl";
import { writtenDay } from "@/components/retention/due-href";
import { Badge } from "@/components/ui/badge";
import { DescriptionList } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { ControllerVersion } from "@/lib/access/controller/list-controller-versions";

/** One version: when it was in force, who was encarregado and substitute, what it changed, and who saved it. */
export function ControllerVersionItem({ version: one }: { version: ControllerVersion }) {
  const t = useTranslations("controller.history");
  const factName = useTranslations("controller.facts");
  const act = useAct();
  const facts = [
    { term: factName("legalName"), description: one.legalName },
    { term: t("officer"), description: named([one.officerName, one.officerFirm]) },
    { term: factName("officerAppointment"), description: act(one.officerAppointment, one.officerAppointedOn) },
    { term: t("substitute"), description: named([one.substituteName]) },
    { term: factName("substituteAppointment"), description: act(one.substituteAppointment, one.substituteAppointedOn) },
    ...(one.smallAgent ? [{ term: factName("smallAgentReason"), description: one.smallAgentReason }] : []),
    { term: t("changed"), description: one.changed.map((name) => factName(name)).join(" · ") },
  ];
  return (
    <li className="grid gap-2 px-4 py-3">
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        {t("version", { version: one.version })}
        {one.until === null ? <Badge tone="positive">{t("inForce")}</Badge> : null}
        {one.smallAgent ? <Badge tone="info">{factName("smallAgent")}</Badge> : null}
      </h3>
      <p className="text-sm text-ink-muted">
        {t.rich(one.until === null ? "since" : "period", {
          from: () => <TimeText value={one.savedAt} />,
          until: () => <TimeText value={one.until ?? one.savedAt} />,
          name: one.savedBy,
        })}
      </p>
      <DescriptionList facts={facts} />
    </li>
  );
}

const named = (names: readonly (string | null)[]) => names.filter((name) => name !== null).join(" · ") || "–";

function useAct() {
  const t = useTranslations("controller.history");
  return (act: string | null, day: string | null) => {
    if (act === null) return day === null ? "–" : writtenDay(day);
    return day === null ? act : t("dated", { act, day: writtenDay(day) });
  };
}
