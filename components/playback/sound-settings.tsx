"use client";

import { FastForward, Volume2, VolumeX } from "lucide-react";
import { useTranslations } from "next-intl";
import { PLAYBACK_RATES } from "@/components/playback/playback-rate";
import type { PlayerControls } from "@/components/playback/playback-controller";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { VolumeSlider } from "@/components/playback/volume-slider";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Select } from "@/components/ui/select";
import { formatDuration } from "@/lib/i18n/format";

type SettingProps = { snapshot: PlaybackSnapshot; controller: PlayerControls };

/** Sets the speed; the pitch of the voices stays. */
export function SpeedSelect({ snapshot, controller }: SettingProps) {
  const t = useTranslations("player.speed");
  return (
    <Select
      aria-label={t("label")}
      title={t("label")}
      className="w-22"
      value={snapshot.rate}
      onChange={(event) => controller.sound.setRate(Number(event.target.value))}
    >
      {PLAYBACK_RATES.map((rate) => (
        <option key={rate} value={rate}>
          {t("value", { rate })}
        </option>
      ))}
    </Select>
  );
}

/** Turns skipping of silences on and off. Shows how much time it saves, or why there is none to save. */
export function SkipSilenceButton({ snapshot, controller, savesMs }: SettingProps & { savesMs: number | null }) {
  const t = useTranslations("player.skipSilence");
  const why =
    savesMs === null
      ? t("unknown")
      : savesMs === 0
        ? t("none")
        : t("saves", { duration: formatDuration(savesMs / 1000) });
  return (
    <Button
      aria-pressed={snapshot.skipSilence}
      disabled={!savesMs}
      title={why}
      className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
      onClick={() => controller.setSkipSilence(!snapshot.skipSilence)}
    >
      <FastForward aria-hidden />
      {t("label")}
    </Button>
  );
}

/** Sets the volume of the call, or mutes it. */
export function VolumeControl({ snapshot, controller }: SettingProps) {
  const t = useTranslations("player");
  const silent = snapshot.muted || snapshot.volume === 0;
  return (
    <div className="order-last flex w-full items-center gap-1 sm:order-none sm:w-auto">
      <IconButton
        className="-ml-2 sm:ml-0"
        label={snapshot.muted ? t("actions.unmute") : t("actions.mute")}
        onClick={() => controller.sound.setMuted(!snapshot.muted)}
      >
        {silent ? <VolumeX aria-hidden /> : <Volume2 aria-hidden />}
      </IconButton>
      {snapshot.volumeSettable ? (
        <VolumeSlider
          label={t("volume.label")}
          value={snapshot.muted ? 0 : snapshot.volume}
          className="flex-1 sm:w-24"
          onChange={controller.sound.setVolume}
        />
      ) : null}
    </div>
  );
}
