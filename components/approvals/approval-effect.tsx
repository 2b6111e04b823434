import { useLocale, useTranslations } from "next-intl";
import { useEffectLines } from "@/components/retention/policies/effect-summary";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { formatBytes } from "@/lib/i18n/format";
import type { AudioForm, DecisionMeasure } from "@/lib/db/schema/subject-request-words";
import type { DecisionPayload } from "@/lib/subject-requests/deciding/submit-decision";
import type { RefusalCode } from "@/lib/subject-requests/refusals";
import type { ApprovalRow } from "@/lib/overview/list-approvals";

type Asked = Pick<ApprovalRow, "kind" | "effect" | "minimumReduction" | "state" | "payload">;

/** Describes what an approval would do now, for the kinds whose effect is counted. */
export function useApprovalEffect(): (approval: Asked) => string[] {
  const t = useTranslations("approvals.effects");
  const reductionLines = useReductionLines();
  const requestLines = useRequestLines();
  const orderLines = useOrderLines();
  return ({ kind, effect, minimumReduction, state, payload }) => {
    if (kind === "subject_request") return requestLines(payload as DecisionPayload);
    if (state !== "pending") return [];
    if (kind === "policy_floor") return minimumReduction ? reductionLines(minimumReduction) : [];
    if (kind === "deletion_order") return orderLines(payload as OrderPayload);
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

/** What a deletion order selected when it was ordered: never more than that is deleted. */
function useOrderLines(): (payload: OrderPayload) => string[] {
  const t = useTranslations("approvals.effects");
  const locale = useLocale();
  return ({ recordings, calls, sizeBytes }) => [
    t("ordered", { count: recordings, calls, size: formatBytes(sizeBytes, locale) }),
  ];
}

type OrderPayload = { recordings: number; calls: number; sizeBytes: number };

/** What a request would erase or let hear, and on which grounds it keeps the rest. No names, numbers or words. */
function useRequestLines(): (payload: DecisionPayload) => string[] {
  const t = useTranslations("approvals.effects");
  const tRequests = useTranslations("subjectRequests");
  const measureText = (code: string) => {
    const [measure, form] = code.split(/_(whole|subject_channel|edited)$/) as [DecisionMeasure, AudioForm | undefined];
    const text = tRequests(`measures.${measure}`);
    return form ? `${text}: ${tRequests(`audioForms.${form}`)}` : text;
  };
  return ({ right, counts, grounds, recordingIds }) => [
    tRequests(`rights.${right}`),
    ...Object.entries(counts).map(([code, count]) => t("measure", { measure: measureText(code), count })),
    ...Object.entries(grounds).map(([ground, count]) =>
      t("ground", { ground: tRequests(`refusals.${ground as RefusalCode}`), count }),
    ),
    t("recordingIds", {
      ids: recordingIds.slice(0, mostIds).join(", "),
      more: Math.max(0, recordingIds.length - mostIds),
    }),
  ];
}

const mostIds = 20;

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
