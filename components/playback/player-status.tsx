"use client";

import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import type { CallSequencePlay } from "@/components/playback/use-call-sequence";
import { formatDuration } from "@/lib/i18n/format";

/** Shows position, duration, what the player is doing, and which part of the call it is. */
export function PlayerStatus({
  snapshot,
  sequence,
}: {
  snapshot: PlaybackSnapshot;
  sequence?: Pick<CallSequencePlay, "number" | "total"> | null;
}) {
  const t = useTranslations("player");
  const isBusy = snapshot.activity === "loading" || snapshot.activity === "buffering";
  return (
    <div className="flex flex-wrap items-baseline gap-x-3">
      <p className="whitespace-nowrap">
        <span className="text-lg font-medium">
          <span className="sr-only">{t("position.elapsed")} </span>
          {formatDuration(snapshot.positionMs / 1000)}
        </span>
        <span className="text-ink-muted">
          <span aria-hidden> / </span>
          <span className="sr-only"> {t("position.duration")} </span>
          {formatDuration(snapshot.durationMs / 1000)}
        </span>
      </p>
      <p className="flex items-center gap-1.5 text-sm text-ink-muted">
        {isBusy ? <LoaderCircle aria-hidden className="size-3.5 motion-safe:animate-spin" /> : null}
        {t(`status.${snapshot.activity}`)}
      </p>
      {sequence ? (
        <p className="text-sm text-ink-muted">
          {t("sequence.position", { number: sequence.number, total: sequence.total })}
        </p>
      ) : null}
    </div>
  );
}
