"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import type { PlayerControls } from "@/components/playback/playback-controller";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { VolumeSlider } from "@/components/playback/volume-slider";

const SIDES = ["agent", "customer"] as const;

/**
 * Sets the volume of each side of a call: of a stereo recording the agent on the left channel, the customer on the
 * right; otherwise of its two recordings.
 */
export function ChannelVolumes({
  snapshot,
  controller,
  isStereo,
}: {
  snapshot: PlaybackSnapshot;
  controller: PlayerControls;
  isStereo: boolean;
}) {
  const t = useTranslations("player");
  const id = useId();
  const { channelVolumes, volumeSettable } = snapshot;
  const mixing = isStereo ? snapshot.mixing : volumeSettable ? "possible" : "unsupported";
  return (
    <div
      role="group"
      aria-label={t(isStereo ? "volume.channels" : "volume.sides.label")}
      className="flex flex-wrap items-center gap-x-5 -mt-4 sm:mt-0"
    >
      {SIDES.map((side, channel) => (
        <div key={side} className="flex w-full min-w-0 items-center gap-2 sm:w-auto">
          <span aria-hidden className="w-18 text-sm text-ink-muted sm:w-auto">
            {t(`lanes.${side}`)}
          </span>
          <VolumeSlider
            label={t(isStereo ? `volume.${side}` : `volume.sides.${side}`)}
            value={channelVolumes[channel] ?? 1}
            disabled={mixing !== "possible"}
            describedBy={mixing === "possible" ? undefined : id}
            className="flex-1 sm:w-24"
            onChange={(volume) => controller.sound.setChannelVolume(channel === 0 ? 0 : 1, volume)}
          />
        </div>
      ))}
      {mixing === "possible" ? null : (
        <p id={id} className="text-sm text-ink-muted">
          {t(`volume.${mixing}`)}
        </p>
      )}
    </div>
  );
}
