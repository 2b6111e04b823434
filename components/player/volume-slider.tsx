"use client";

import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

export type VolumeSliderProps = {
  label: string;
  /** 0 to 1. */
  value: number;
  disabled?: boolean;
  describedBy?: string;
  className?: string;
  onChange: (value: number) => void;
};

/** A volume between nothing and full. The browser's own slider: it brings keyboard, touch and screen reader with it. */
export function VolumeSlider({ label, value, disabled, describedBy, className, onChange }: VolumeSliderProps) {
  const t = useTranslations("player.volume");
  const percent = Math.round(value * 100);
  return (
    <input
      type="range"
      min={0}
      max={100}
      step={5}
      value={percent}
      disabled={disabled}
      aria-label={label}
      aria-valuetext={t("value", { percent })}
      aria-describedby={describedBy}
      title={label}
      className={cn("h-control min-w-0 cursor-pointer accent-accent disabled:cursor-not-allowed", className)}
      onChange={(event) => onChange(Number(event.target.value) / 100)}
    />
  );
}
