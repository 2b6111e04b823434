import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { ProcessState } from "@/lib/db/schema/subject-request-words";

const tones: Partial<Record<ProcessState, Tone>> = {
  received: "info",
  reopened: "info",
  awaiting_approval: "caution",
  awaiting_subject: "caution",
  unverified: "danger",
  answered: "positive",
};

/** The state of a right. */
export function StateBadge({ state }: { state: ProcessState }) {
  return (
    <Badge tone={tones[state] ?? "neutral"} className="max-sm:whitespace-normal">
      {useTranslations("subjectRequests.states")(state)}
    </Badge>
  );
}
