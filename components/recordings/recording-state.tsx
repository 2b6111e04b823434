import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";

const tones = {
  pending: "info",
  stored: "positive",
  deleting: "caution",
  deleted: "neutral",
  rejected: "danger",
} as const satisfies Record<string, Tone>;

/** Shows the state of a recording. */
export function RecordingState({ state }: { state: keyof typeof tones }) {
  const t = useTranslations("recordings.states");
  return <Badge tone={tones[state]}>{t(state)}</Badge>;
}
