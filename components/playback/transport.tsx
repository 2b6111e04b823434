"use client";

import { Pause, Play, RotateCcw, RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Ref } from "react";
import { IconButton } from "@/components/ui/icon-button";

export type TransportProps = {
  toggleRef?: Ref<HTMLButtonElement>;
  wanted: boolean;
  disabled?: boolean;
  onToggle: () => void;
  onSeekBy: (milliseconds: number) => void;
};

/** Buttons to go back, play or pause, go forward. */
export function Transport({ toggleRef, wanted, disabled = false, onToggle, onSeekBy }: TransportProps) {
  const t = useTranslations("player.actions");
  return (
    <div className="flex w-full items-center justify-center gap-2 sm:w-auto sm:gap-1">
      <IconButton label={t("back")} className="size-11" disabled={disabled} onClick={() => onSeekBy(-10_000)}>
        <SeekMark direction="back" />
      </IconButton>
      <IconButton
        ref={toggleRef}
        label={wanted ? t("pause") : t("play")}
        variant="primary"
        className="size-14 rounded-full sm:size-12 [&_svg]:size-5"
        disabled={disabled}
        onClick={onToggle}
      >
        {wanted ? (
          <Pause aria-hidden fill="currentColor" />
        ) : (
          <Play aria-hidden fill="currentColor" className="translate-x-px" />
        )}
      </IconButton>
      <IconButton label={t("forward")} className="size-11" disabled={disabled} onClick={() => onSeekBy(10_000)}>
        <SeekMark direction="forward" />
      </IconButton>
    </div>
  );
}

function SeekMark({ direction }: { direction: "back" | "forward" }) {
  const Arrow = direction === "back" ? RotateCcw : RotateCw;
  return (
    <span aria-hidden className="relative grid place-items-center">
      <Arrow strokeWidth={1.5} className="size-7!" />
      <span className="absolute pt-0.5 text-[0.5625rem] font-semibold">{10}</span>
    </span>
  );
}
