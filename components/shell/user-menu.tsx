"use client";

import { ChevronsUpDown, LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { LanguageSwitch } from "@/components/shell/language-switch";
import { ThemeSwitch } from "@/components/shell/theme-switch";
import type { ShellSettings } from "@/components/shell/shell-settings";
import { cn } from "@/components/ui/cn";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { SubmitButton } from "@/components/ui/submit-button";

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? "").join("");
}

/** Shows who is signed in, with language, theme and sign-out. `compact` shows only the initials. */
export function UserMenu({
  user,
  locale,
  theme,
  signOutAction,
  setLocaleAction,
  compact = false,
}: ShellSettings & { compact?: boolean }) {
  const t = useTranslations("shell");
  return (
    <Popover>
      <PopoverTrigger
        aria-label={t("userMenu", { name: user.name })}
        className={cn(
          "flex w-full min-w-0 items-center gap-2.5 rounded p-1.5",
          "text-left hover:bg-sunken data-[state=open]:bg-sunken",
          compact && "w-auto justify-center",
        )}
      >
        <span
          aria-hidden
          className={cn(
            "grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent",
          )}
        >
          {initials(user.name)}
        </span>
        {compact ? null : (
          <>
            <span className="min-w-0 flex-1">
              <span className="block truncate leading-4 font-medium">{user.name}</span>
              <span className="block truncate text-xs text-ink-muted">{t(`roles.${user.role}`)}</span>
            </span>
            <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
          </>
        )}
      </PopoverTrigger>
      <PopoverContent
        align={compact ? "end" : "start"}
        aria-label={t("userMenu", { name: user.name })}
        className="grid gap-3"
      >
        <div className="min-w-0">
          <p className="truncate font-semibold">{user.name}</p>
          <p className="text-sm text-ink-muted">{t(`roles.${user.role}`)}</p>
        </div>
        <Setting label={t("language")}>
          <LanguageSwitch locale={locale} setLocaleAction={setLocaleAction} />
        </Setting>
        <Setting label={t("theme")}>
          <ThemeSwitch theme={theme} />
        </Setting>
        <form action={signOutAction} className="-mx-3 border-t border-line px-3 pt-3">
          <SubmitButton variant="secondary" className="w-full">
            <LogOut aria-hidden />
            {t("signOut")}
          </SubmitButton>
        </form>
      </PopoverContent>
    </Popover>
  );
}

function Setting({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-1">
      <p aria-hidden className="text-xs font-medium text-ink-muted">
        {label}
      </p>
      {children}
    </div>
  );
}
