"use client";

import { useTranslations } from "next-intl";
import type { CSSProperties } from "react";
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

const TRACK = "linear-gradient(to right, var(--accent) var(--filled), var(--line-strong) var(--filled))";
const LOOKS = [
  "h-control min-w-0 cursor-pointer appearance-none bg-transparent disabled:cursor-not-allowed disabled:opacity-50",
  "[&::-webkit-slider-runnable-track]:h-1",
  "[&::-webkit-slider-runnable-track]:rounded-full",
  "[&::-webkit-slider-runnable-track]:bg-(image:--track)",
  "[&::-webkit-slider-thumb]:-mt-1.25 [&::-webkit-slider-thumb]:size-3.5",
  "[&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full",
  "[&::-webkit-slider-thumb]:bg-accent",
  "pointer-coarse:[&::-webkit-slider-thumb]:-mt-2 pointer-coarse:[&::-webkit-slider-thumb]:size-5",
  "[&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-(image:--track)",
  "[&::-moz-range-thumb]:size-3.5 [&::-moz-range-thumb]:rounded-full",
  "[&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-accent",
];

/** A volume slider. Native, so that keyboard, touch and screen readers work. */
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
      style={{ "--filled": `${percent}%`, "--track": TRACK } as CSSProperties}
      className={cn(LOOKS, className)}
      onChange={(event) => onChange(Number(event.target.value) / 100)}
    />
  );
}
