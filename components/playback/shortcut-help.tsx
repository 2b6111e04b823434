"use client";

import { Keyboard } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Switch } from "@/components/ui/switch";

export type ShortcutHelpProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  enabled: boolean;
  onEnabledChange: (enabled: boolean) => void;
};

const ROWS = [
  ["toggle", ["space", "K"]],
  ["seekSmall", ["←", "→"]],
  ["seekLarge", ["J", "L"]],
  ["rate", [",", "."]],
  ["mute", ["M"]],
  ["skipSilence", ["S"]],
  ["help", ["?"]],
] as const;

/** Lists the keyboard shortcuts and lets the user turn them off. */
export function ShortcutHelp({ open, onOpenChange, enabled, onEnabledChange }: ShortcutHelpProps) {
  const t = useTranslations("player.help");
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>
        <IconButton label={t("title")} className="hidden sm:inline-flex">
          <Keyboard aria-hidden />
        </IconButton>
      </PopoverTrigger>
      <PopoverContent aria-label={t("title")} className="w-80">
        <p className="font-semibold">{t("title")}</p>
        <p className="mt-0.5 text-sm text-ink-muted">{t("description")}</p>
        <dl className="my-2 grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-y border-line py-2 text-sm">
          {ROWS.map(([action, keys]) => (
            <div key={action} className="contents">
              <dt>{t(action)}</dt>
              <dd className="flex justify-end gap-1">
                {keys.map((key) => (
                  <kbd
                    key={key}
                    className={cn(
                      "min-w-6 rounded-sm border border-line-strong bg-sunken px-1 text-center font-mono text-xs",
                    )}
                  >
                    {key === "space" ? t("space") : key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <Switch label={t("enabled")} checked={enabled} onChange={(event) => onEnabledChange(event.target.checked)} />
      </PopoverContent>
    </Popover>
  );
}
