"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef } from "react";
import { ChannelVolumes } from "@/components/playback/channel-volumes";
import { FormatNotice } from "@/components/playback/format-notice";
import { LaneLabels } from "@/components/playback/lane-labels";
import { PlayerAnnouncer } from "@/components/playback/player-announcer";
import { PlayerNotice } from "@/components/playback/player-notice";
import { PlayerStatus } from "@/components/playback/player-status";
import { PurposeDialog } from "@/components/playback/purpose-dialog";
import { PurposeSummary } from "@/components/playback/purpose-summary";
import { SeekBar } from "@/components/playback/seek-bar";
import { SequenceNotice } from "@/components/playback/sequence-notice";
import { ShortcutHelp } from "@/components/playback/shortcut-help";
import { SkipSilenceButton, SpeedSelect, VolumeControl } from "@/components/playback/sound-settings";
import { mergeRanges } from "@/components/playback/time-range";
import { Transport } from "@/components/playback/transport";
import { type RecordingPlayerProps, useRecordingPlayer } from "@/components/playback/use-recording-player";
import { WaveformLegend } from "@/components/playback/waveform-legend";
import { Card } from "@/components/ui/card";
import { IconButton } from "@/components/ui/icon-button";

/** This page at a position: `at` in whole seconds. */
function addressAt(positionMs: number): string {
  const query = new URLSearchParams(window.location.search);
  query.set("at", String(Math.floor(positionMs / 1000)));
  return `${window.location.pathname}?${query}`;
}

/**
 * Plays one recording under a stated purpose. Requests links when needed, and continues where an expired one stopped.
 */
export function RecordingPlayer(props: RecordingPlayerProps) {
  const t = useTranslations("player");
  const rootRef = useRef<HTMLElement>(null);
  const audioRef = useRef<HTMLAudioElement>(null);
  const otherRef = useRef<HTMLAudioElement>(null);
  const player = useRecordingPlayer({ rootRef, audioRef, otherRef }, props);
  const { controller, snapshot, peaks, download, access, shortcuts } = player;
  const { playability = { plays: "original" } } = props;
  const { sequence } = props;
  const toggleRef = useRef<HTMLButtonElement>(null);
  const takesFocus = sequence?.arrived?.hadFocus ?? false;
  useEffect(() => {
    if (takesFocus) toggleRef.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const sent = useMemo(() => mergeRanges(props.sentRanges ?? []), [props.sentRanges]);
  return (
    <Card
      ref={rootRef}
      aria-label={props.label ?? t("label")}
      className="grid grid-cols-[minmax(0,1fr)] gap-4 p-3 sm:p-4"
    >
      <audio ref={audioRef} preload="metadata" />
      {props.otherSide ? <audio ref={otherRef} preload="metadata" /> : null}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <PlayerStatus snapshot={snapshot} sequence={sequence} />
        <PurposeSummary access={access} purposes={props.purposes} onChange={() => player.setQuestion("change")} />
      </div>
      <div className="relative sm:flex">
        {peaks && peaks.lanes.length === 2 ? <LaneLabels /> : null}
        <SeekBar
          peaks={peaks}
          snapshot={snapshot}
          sent={sent}
          currentMs={controller.currentMs}
          seekTo={controller.seekTo}
        />
      </div>
      <WaveformLegend hasPeaks={peaks !== null} hasSent={sent.length > 0} />
      <FormatNotice playability={playability} canDownload={props.canDownload ?? false} />
      {sequence ? <SequenceNotice sequence={sequence} /> : null}
      <PlayerNotice
        code={snapshot.failure ?? download.failure}
        side={player.failedSide}
        signInAt={() => addressAt(controller.currentMs())}
        onRetry={snapshot.failure && snapshot.failure !== "undecodable" ? controller.play : undefined}
        next={
          snapshot.failure && access && sequence?.nextNumber ? { number: sequence.nextNumber, goOn: player.goOn } : null
        }
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-3 sm:gap-x-5">
        <Transport
          disabled={playability.plays === "nothing"}
          toggleRef={toggleRef}
          wanted={snapshot.wanted}
          onToggle={player.toggle}
          onSeekBy={controller.seekBy}
        />
        <SpeedSelect snapshot={snapshot} controller={controller} />
        <SkipSilenceButton snapshot={snapshot} controller={controller} savesMs={player.savesMs} />
        <VolumeControl snapshot={snapshot} controller={controller} />
        <div className="-mr-3 ml-auto flex items-center gap-1 sm:mr-0">
          <ShortcutHelp
            open={shortcuts.open}
            onOpenChange={shortcuts.setOpen}
            enabled={shortcuts.enabled}
            onEnabledChange={shortcuts.setEnabled}
          />
          {props.canDownload && props.requestDownload ? (
            <IconButton
              label={t("actions.download")}
              disabled={download.isPending}
              onClick={() => player.setQuestion("download")}
            >
              <Download aria-hidden />
            </IconButton>
          ) : null}
        </div>
      </div>
      {props.recording.channels === 2 || props.otherSide ? (
        <ChannelVolumes snapshot={snapshot} controller={controller} isStereo={!props.otherSide} />
      ) : null}
      <PurposeDialog
        question={player.question}
        purposes={props.purposes}
        initial={access}
        coversCall={(sequence?.nextNumber ?? null) !== null}
        onAnswer={player.answer}
        onClose={() => player.setQuestion(null)}
      />
      <PlayerAnnouncer snapshot={snapshot} />
    </Card>
  );
}
