"use client";

import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import type { Playability } from "@/lib/playback/read-playability";

/** Says before play that a converted copy will be heard, or why nothing can be. */
export function FormatNotice({ playability, canDownload }: { playability: Playability; canDownload: boolean }) {
  const t = useTranslations("player.format");
  if (playability.plays === "original")
    return playability.isJoined ? (
      <FormMessage tone="caution">
        {t("joined")} {canDownload ? t("download") : t("askForDownload")}
      </FormMessage>
    ) : null;
  const codec = playability.codec ?? t("unknown");
  const original = canDownload ? t("download") : t("askForDownload");
  if (playability.plays === "copy")
    return (
      <p className="text-sm text-ink-muted">
        {playability.isJoined ? t("joinedCopy") : t("copy", { codec })} {canDownload ? t("downloadOriginal") : null}
      </p>
    );
  return (
    <FormMessage tone={playability.reason === "preparing" ? "info" : "caution"}>
      {t(playability.reason, { codec })} {original}
    </FormMessage>
  );
}
