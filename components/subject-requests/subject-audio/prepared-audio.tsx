"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { askForGrant } from "@/components/playback/recording-playback";
import { RecordingPlayer } from "@/components/playback/recording-player";
import { reportHeard } from "@/components/playback/report-heard";

const purposes = [{ value: "subject_request", labelKey: "player.purposes.subject_request" }];

type PreparedAudioProps = { derivedId: string; durationMs: number; channels: number; children: ReactNode };

/** The player of the file that was made, under a purpose as every playback. */
export function PreparedAudio({ derivedId, durationMs, channels, children }: PreparedAudioProps) {
  const t = useTranslations("subjectAudio.state");
  return (
    <div className="grid gap-3">
      {children}
      <p className="text-sm text-ink-muted">{t("listen")}</p>
      <RecordingPlayer
        recording={{ id: derivedId, durationMs, channels, contentType: "audio/wav", waveform: null }}
        requestGrant={(access) => askForGrant(`/api/derived-recordings/${derivedId}/playback-grants`, access)}
        reportHeard={reportHeard}
        purposes={purposes}
        label={t("player")}
      />
    </div>
  );
}
