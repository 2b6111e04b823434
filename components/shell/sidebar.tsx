"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Brand } from "@/components/shell/brand";
import type { NavigationItem } from "@/components/shell/navigation-item";
import { NavigationLinks } from "@/components/shell/navigation-links";
import { navigationCookie, rememberPreference } from "@/components/shell/preferences";
import type { ShellSettings } from "@/components/shell/shell-settings";
import { UserMenu } from "@/components/shell/user-menu";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";

export type SidebarProps = ShellSettings & { navigation: readonly NavigationItem[]; collapsedAtFirst: boolean };

/** The navigation on wide screens. It can be collapsed to its icons, which the browser remembers. */
export function Sidebar({ navigation, collapsedAtFirst, ...settings }: SidebarProps) {
  const t = useTranslations("shell");
  const [collapsed, setCollapsed] = useState(collapsedAtFirst);
  const toggle = () => {
    setCollapsed(!collapsed);
    rememberPreference(navigationCookie, collapsed ? "open" : "collapsed");
  };
  const Icon = collapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <header
      className={cn(
        "sticky top-0 hidden h-dvh shrink-0 flex-col border-r border-line bg-raised lg:flex",
        collapsed ? "w-14" : "w-58",
      )}
    >
      <div className={cn("flex h-14 items-center justify-between px-3", collapsed && "justify-center px-0")}>
        {collapsed ? null : <Brand />}
        <IconButton
          label={t(collapsed ? "expandNavigation" : "collapseNavigation")}
          aria-expanded={!collapsed}
          size="small"
          onClick={toggle}
        >
          <Icon aria-hidden className="text-ink-muted" />
        </IconButton>
      </div>
      <nav aria-label={t("mainNavigation")} className="min-h-0 flex-1 overflow-y-auto p-2">
        <NavigationLinks items={navigation} collapsed={collapsed} />
      </nav>
      <div className={cn("border-t border-line p-2", collapsed && "grid justify-items-center p-1")}>
        <UserMenu {...settings} compact={collapsed} />
      </div>
    </header>
  );
}
