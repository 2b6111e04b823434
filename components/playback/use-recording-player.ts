import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useEffectEvent, useMemo, useState, useSyncExternalStore } from "react";
import type { PlaybackAccess, RequestGrant } from "@/components/playback/grant-machine";
import { decodePeaks, delayPeaks, joinPeaks } from "@/components/playback/peaks";
import type { ReportHeard } from "@/components/playback/heard-reporter";
import type { OtherSide, PlayableRecording } from "@/components/playback/playable-recording";
import type { PlayerControls } from "@/components/playback/playback-controller";
import { stepRate } from "@/components/playback/playback-rate";
import type { PlayerCommand } from "@/components/playback/player-shortcuts";
import type { PurposeQuestion } from "@/components/playback/purpose-dialog";
import type { PurposeOption } from "@/components/playback/purpose-form";
import type { TimeRange } from "@/components/playback/time-range";
import { findSilences, skippableMs } from "@/components/playback/silence";
import { type RequestDownload, useDownload } from "@/components/playback/use-download";
import type { CallSequencePlay } from "@/components/playback/use-call-sequence";
import { useMediaSession } from "@/components/playback/use-media-session";
import { useOtherSide } from "@/components/playback/use-other-side";
import { usePlayback } from "@/components/playback/use-playback";
import { useShortcutPreference } from "@/components/playback/use-shortcut-preference";
import type { Playability } from "@/lib/playback/read-playability";
import { useShortcuts } from "@/components/playback/use-shortcuts";

export type RecordingPlayerProps = {
  recording: PlayableRecording;
  /** Tells two players on one page apart. Default: that of the recording. */
  label?: string;
  /** Called before the first play and whenever a link has expired. */
  requestGrant: RequestGrant;
  /** Called with what was played under each grant. */
  reportHeard?: ReportHeard;
  /** What a press on play gives. Default: the recording itself. */
  playability?: Playability;
  purposes: readonly PurposeOption[];
  canDownload?: boolean;
  requestDownload?: RequestDownload;
  /** Parts of the recording that were sent to listeners before. */
  sentRanges?: readonly TimeRange[];
  /** The recording of the other side of the call, which plays with it and does not begin before it. */
  otherSide?: OtherSide | null;
  /** Where it begins: the listener was here before the session ended. */
  startsAtMs?: number;
  /** The parts of its call, if it is one of several: the next one plays at the end. */
  sequence?: CallSequencePlay | null;
};

type PlayerElements = {
  rootRef: RefObject<HTMLElement | null>;
  audioRef: RefObject<HTMLAudioElement | null>;
  otherRef: RefObject<HTMLAudioElement | null>;
};

/** The state of one player: playback, the stated purpose, and the open dialog. */
export function useRecordingPlayer({ rootRef, audioRef, otherRef }: PlayerElements, props: RecordingPlayerProps) {
  const { recording, requestGrant, requestDownload, otherSide = null } = props;
  const sound = useSound(recording, otherSide);
  const own = usePlayback(audioRef, {
    durationMs: recording.durationMs,
    silences: sound.silences,
    requestGrant,
    reportHeard: props.reportHeard,
  });
  const other = useOtherSide(own.controller, otherRef, {
    ...{ otherSide, silences: sound.silences },
    reportHeard: props.reportHeard,
  });
  const controller: PlayerControls = other.both ?? own.controller;
  const snapshot = useSyncExternalStore(controller.subscribe, controller.getSnapshot, controller.getSnapshot);
  const isOfOther = own.snapshot.failure === null && other.snapshot.failure !== null;
  const failedSide = isOfOther ? (otherSide?.side ?? null) : null;
  const download = useDownload(requestDownload);
  const [access, setAccess] = useState<PlaybackAccess | null>(props.sequence?.arrived?.access ?? null);
  const [question, setQuestion] = useState<PurposeQuestion | null>(null);
  const shortcuts = useHelp();
  const goOn = () => access && props.sequence?.goOn(access, hasFocus(rootRef.current));
  useStart(controller, props.startsAtMs ?? 0);
  usePlayOn(controller, { begins: access, hasEnded: snapshot.activity === "ended", goOn });

  const canPlay = props.playability?.plays !== "nothing";
  const toggle = () => canPlay && (access ? controller.toggle() : setQuestion("play"));
  const answer = (given: PlaybackAccess) => {
    setQuestion(null);
    // The purpose of a download does not change the purpose of playback.
    if (question === "download") return void download.start(given);
    setAccess(given);
    controller.grantAccess(given);
    if (question === "play") controller.play();
  };
  const run = (command: PlayerCommand) => {
    if (command.type === "toggle") toggle();
    else if (command.type === "help") shortcuts.setOpen(true);
    else runSoundCommand(controller, command, sound.savesMs);
  };
  useShortcuts(rootRef, shortcuts.enabled && !question && !shortcuts.open, run);
  const t = useTranslations("player.mediaSession");
  useMediaSession(controller, snapshot, { title: t("title"), artist: t("artist") });
  return {
    ...sound,
    controller,
    snapshot,
    download,
    access,
    question,
    setQuestion,
    toggle,
    answer,
    shortcuts,
    goOn,
    failedSide,
  };
}

/** Moves to where the listener was, once. */
function useStart({ seekTo }: Pick<PlayerControls, "seekTo">, startsAtMs: number): void {
  const move = useEffectEvent(() => {
    if (startsAtMs > 0) seekTo(startsAtMs);
  });
  useEffect(() => move(), []);
}

/** Begins to play under a purpose that the call's part before handed over, and goes on at the end. */
function usePlayOn(
  { grantAccess, play }: Pick<PlayerControls, "grantAccess" | "play">,
  { begins, hasEnded, goOn }: { begins: PlaybackAccess | null; hasEnded: boolean; goOn: () => void },
): void {
  const begin = useEffectEvent(() => {
    if (begins === null) return;
    grantAccess(begins);
    play();
  });
  useEffect(() => begin(), []);
  const end = useEffectEvent(goOn);
  useEffect(() => {
    if (hasEnded) end();
  }, [hasEnded]);
}

const hasFocus = (root: HTMLElement | null) => root?.contains(document.activeElement) ?? false;

function useSound({ waveform }: PlayableRecording, otherSide: OtherSide | null) {
  const otherWaveform = otherSide?.recording.waveform ?? null;
  const side = otherSide?.side ?? null;
  const startsAtMs = otherSide?.startsAtMs ?? 0;
  return useMemo(() => {
    const [own, other] = [decodePeaks(waveform), decodePeaks(otherWaveform)];
    const late = other && delayPeaks(other, startsAtMs);
    const peaks = side === null ? own : side === "agent" ? joinPeaks(late, own) : joinPeaks(own, late);
    const silences = findSilences(peaks);
    return { peaks, silences, savesMs: peaks ? skippableMs(silences) : null };
  }, [waveform, otherWaveform, side, startsAtMs]);
}

function useHelp() {
  const [open, setOpen] = useState(false);
  const [enabled, setEnabled] = useShortcutPreference();
  return { open, setOpen, enabled, setEnabled };
}

function runSoundCommand(controller: PlayerControls, command: PlayerCommand, savesMs: number | null): void {
  const { rate, muted, skipSilence } = controller.getSnapshot();
  if (command.type === "seek") controller.seekBy(command.byMs);
  if (command.type === "mute") controller.sound.setMuted(!muted);
  if (command.type === "rate") controller.sound.setRate(stepRate(rate, command.direction));
  if (command.type === "skip_silence" && savesMs) controller.setSkipSilence(!skipSilence);
}
