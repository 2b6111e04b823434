import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { ShownState } from "@/lib/compliance/control-rows";

const tones = {
  pass: "positive",
  fail: "danger",
  accepted: "caution",
  unknown: "caution",
  unchecked: "neutral",
  not_applicable: "neutral",
} as const;

/** The state of a control in a word or two. */
export function StateBadge({ state }: { state: ShownState }) {
  return <Badge tone={tones[state]}>{useTranslations("compliance.states")(state)}</Badge>;
}
