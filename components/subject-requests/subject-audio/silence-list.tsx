import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { clockText } from "@/components/subject-requests/subject-audio/clock-text";
import { IconButton } from "@/components/ui/icon-button";
import type { SilencedPart } from "@/lib/db/schema/derived-recordings";

type SilenceListProps = { silences: readonly SilencedPart[]; onRemove: (index: number) => void };

/** The parts that will be silent. */
export function SilenceList({ silences, onRemove }: SilenceListProps) {
  const t = useTranslations("subjectAudio");
  if (silences.length === 0) return <p className="text-ink-muted">{t("silences.none")}</p>;
  return (
    <ul aria-label={t("silences.list")} className="divide-y divide-line">
      {silences.map(({ fromMs, toMs, reason }, index) => {
        const [from, to] = [clockText(fromMs), clockText(toMs)];
        return (
          <li key={`${fromMs} ${toMs} ${reason}`} className="flex items-center justify-between gap-3 py-1">
            <span>
              <span className="font-mono text-sm">
                {from}–{to}
              </span>{" "}
              {t(`reasons.${reason}`)}
            </span>
            <IconButton label={t("silences.remove", { from, to })} onClick={() => onRemove(index)}>
              <X aria-hidden />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
