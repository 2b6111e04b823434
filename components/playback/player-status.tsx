"use client";

import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { formatDuration } from "@/lib/i18n/format";

/** Shows position, duration and what the player is doing. */
export function PlayerStatus({ snapshot }: { snapshot: PlaybackSnapshot }) {
  const t = useTranslations("player");
  const isBusy = snapshot.activity === "loading" || snapshot.activity === "buffering";
  return (
    <div className="flex items-baseline gap-3">
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
    </div>
  );
}
