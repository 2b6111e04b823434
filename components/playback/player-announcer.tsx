"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { useSpokenTime } from "@/components/playback/use-spoken-time";

/** Announces changes to screen readers: not the running time, and nothing before the first change. */
export function PlayerAnnouncer({ snapshot }: { snapshot: PlaybackSnapshot }) {
  const describe = useChangeDescription();
  const before = useRef(snapshot);
  const [message, setMessage] = useState("");
  useEffect(() => {
    const change = describe(before.current, snapshot);
    before.current = snapshot;
    if (change) setMessage(change);
  }, [snapshot, describe]);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {message}
    </p>
  );
}

function useChangeDescription(): (before: PlaybackSnapshot, now: PlaybackSnapshot) => string | null {
  const t = useTranslations("player");
  const spoken = useSpokenTime();
  return (before, now) => {
    if (before.rate !== now.rate) return t("announcements.rate", { rate: now.rate });
    if (before.muted !== now.muted) return t(now.muted ? "announcements.muted" : "announcements.unmuted");
    if (before.skipSilence !== now.skipSilence)
      return t(now.skipSilence ? "announcements.skipOn" : "announcements.skipOff");
    // A failure is announced by its own alert.
    if (before.activity === now.activity || now.activity === "failed" || now.activity === "idle") return null;
    if (now.activity === "paused") return t("announcements.paused", { position: spoken(now.positionMs) });
    return t(`status.${now.activity}`);
  };
}
