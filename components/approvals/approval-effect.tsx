import { useTranslations } from "next-intl";
import { useEffectLines } from "@/components/retention/policies/effect-summary";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import type { ApprovalRow } from "@/lib/overview/list-approvals";

type Asked = Pick<ApprovalRow, "kind" | "effect" | "minimumReduction" | "state">;

/** Describes what an approval would do now, for the kinds whose effect is counted. */
export function useApprovalEffect(): (approval: Asked) => string[] {
  const t = useTranslations("approvals.effects");
  const reductionLines = useReductionLines();
  return ({ kind, effect, minimumReduction, state }) => {
    if (state !== "pending") return [];
    if (kind === "policy_floor") return minimumReduction ? reductionLines(minimumReduction) : [];
    if (kind !== "hold_release") return [];
    return [t("released", { count: effect?.recordings ?? 0 }), t("pastDue", { count: effect?.pastDue ?? 0 })];
  };
}

/** Describes the policy now, the proposed policy and the effect of the change. */
function useReductionLines(): (reduction: NonNullable<ApprovalRow["minimumReduction"]>) => string[] {
  const t = useTranslations("approvals.effects");
  const { sentence } = usePolicyWords();
  const lines = useEffectLines();
  return ({ before, after, effect }) => [
    ...(before ? [t("policyToday", { sentence: sentence(before) })] : []),
    after ? t("policyThen", { sentence: sentence(after) }) : t("policyEnds"),
    ...(effect ? [...lines(effect), t("dueAtOnce", { count: effect.dueAtOnce.recordings })] : [t("outOfDate")]),
  ];
}

export function ApprovalEffect({ approval }: { approval: Asked }) {
  const lines = useApprovalEffect()(approval);
  if (lines.length === 0) return null;
  return (
    <ul className="grid gap-1">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
