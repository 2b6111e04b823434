import { useTranslations } from "next-intl";

/** Explains the line below the waveform, or why there is no waveform. */
export function WaveformLegend({ hasPeaks, hasSent }: { hasPeaks: boolean; hasSent: boolean }) {
  const t = useTranslations("player.waveform");
  if (hasPeaks && !hasSent) return null;
  return (
    <div className="-mt-2 flex flex-wrap gap-x-4 text-sm text-ink-muted">
      {hasPeaks ? null : <p>{t("missing")}</p>}
      {hasSent ? (
        <p className="flex items-center gap-2">
          <span aria-hidden className="h-0.5 w-4 bg-caution" />
          {t("sent")}
        </p>
      ) : null}
    </div>
  );
}
