import { useTranslations } from "next-intl";
import type { ApprovalRow } from "@/lib/approvals/list-approvals";

/** What agreeing would do now, for the kinds whose effect is counted. */
export function useApprovalEffect(): (approval: Pick<ApprovalRow, "kind" | "effect" | "state">) => string[] {
  const t = useTranslations("approvals.effects");
  return ({ kind, effect, state }) => {
    if (state !== "pending" || kind !== "hold_release") return [];
    return [t("released", { count: effect?.recordings ?? 0 }), t("pastDue", { count: effect?.pastDue ?? 0 })];
  };
}

export function ApprovalEffect({ approval }: { approval: ApprovalRow }) {
  const lines = useApprovalEffect()(approval);
  return lines.length === 0 ? null : <p>{lines.join(" ")}</p>;
}
