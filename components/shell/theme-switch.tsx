"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { rememberPreference, themeCookie, themes, type Theme } from "@/components/shell/preferences";
import { segment, segmented } from "@/components/shell/segmented";

const icons = { light: Sun, dark: Moon, system: Monitor };

function apply(theme: Theme): void {
  rememberPreference(themeCookie, theme);
  document.documentElement.classList.remove("light", "dark");
  if (theme !== "system") document.documentElement.classList.add(theme);
}

/** Chooses the light, dark or system theme. Kept in a cookie, so that the server renders it. */
export function ThemeSwitch({ theme }: { theme: Theme }) {
  const t = useTranslations("shell");
  const [chosen, setChosen] = useState(theme);
  const choose = (next: Theme) => {
    setChosen(next);
    apply(next);
  };
  return (
    <div role="group" aria-label={t("theme")} className={segmented}>
      {themes.map((name) => {
        const Icon = icons[name];
        return (
          <button
            key={name}
            type="button"
            aria-pressed={chosen === name}
            onClick={() => choose(name)}
            className={segment}
          >
            <Icon aria-hidden className="size-3.5" />
            {t(`themes.${name}`)}
          </button>
        );
      })}
    </div>
  );
}
