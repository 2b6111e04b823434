import { useTranslations } from "next-intl";
import { EvidenceValue, useEvidenceName } from "@/components/compliance/evidence-text";
import { StateBadge } from "@/components/compliance/state-badge";
import { DescriptionList, type Fact } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { ControlDetail } from "@/lib/compliance/read-control";
import { writtenDay } from "@/components/retention/due-href";

/** What requires a control, what the last check found, and what was planned or accepted. */
export function ControlFacts({ found }: { found: ControlDetail }) {
  const t = useTranslations("compliance");
  const nameOf = useEvidenceName();
  const { state, articles, check, evidence, plan, risk } = found;
  const facts: (Fact | null)[] = [
    { term: t("columns.state"), description: <StateBadge state={state} /> },
    { term: t("control.articles"), description: articles.join(" · ") },
    check && { term: t("columns.checkedAt"), description: <TimeText value={check.checkedAt} /> },
    ...Object.entries(evidence).map(([name, value]) => ({
      term: nameOf(name),
      description: <EvidenceValue name={name} value={value} />,
    })),
    {
      term: t("plan.title"),
      description: plan
        ? [plan.owner, t("plan.until", { day: writtenDay(plan.dueOn) }), plan.note].filter(Boolean).join(" · ")
        : t("plan.none"),
    },
    risk && {
      term: t("states.accepted"),
      description: t("risk.current", { name: risk.acceptedBy, day: writtenDay(risk.expiresOn) }),
    },
  ];
  return <DescriptionList facts={facts.filter((fact) => fact !== null)} columns={2} />;
}
