"use client";

import { Menu, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { Brand } from "@/components/shell/brand";
import type { NavigationItem } from "@/components/shell/navigation-item";
import { NavigationLinks } from "@/components/shell/navigation-links";
import type { ShellSettings } from "@/components/shell/shell-settings";
import { UserMenu } from "@/components/shell/user-menu";
import { cn } from "@/components/ui/cn";
import { overlayStyles } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";

/** The bar of narrow screens. It opens the navigation as a sheet from the side. */
export function TopBar({ navigation, ...settings }: ShellSettings & { navigation: readonly NavigationItem[] }) {
  const t = useTranslations("shell");
  const [open, setOpen] = useState(false);
  return (
    <header
      className={cn(
        "sticky top-0 z-30 flex h-13 items-center justify-between",
        "gap-2 border-b border-line bg-raised px-2 lg:hidden",
      )}
    >
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <div className="flex items-center gap-1">
          <Dialog.Trigger asChild>
            <IconButton label={t("openMenu")}>
              <Menu aria-hidden />
            </IconButton>
          </Dialog.Trigger>
          <Brand />
        </div>
        <Dialog.Portal>
          <Dialog.Overlay className={overlayStyles} />
          <Dialog.Content
            aria-describedby={undefined}
            className={cn(
              "fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] flex-col bg-raised shadow-overlay outline-none",
            )}
          >
            <div className="flex h-13 items-center justify-between border-b border-line pr-2 pl-3">
              <Dialog.Title className="contents">
                <span className="sr-only">{t("mainNavigation")}</span>
                <Brand />
              </Dialog.Title>
              <Dialog.Close asChild>
                <IconButton label={t("closeMenu")}>
                  <X aria-hidden />
                </IconButton>
              </Dialog.Close>
            </div>
            <nav aria-label={t("mainNavigation")} className="min-h-0 flex-1 overflow-y-auto p-2">
              <NavigationLinks items={navigation} onNavigate={() => setOpen(false)} />
            </nav>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <UserMenu {...settings} compact />
    </header>
  );
}
