"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { navigationIcons, type NavigationItem } from "@/components/shell/navigation-item";

export type NavigationLinksProps = { items: readonly NavigationItem[]; collapsed?: boolean; onNavigate?: () => void };

function isCurrent(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}

/**
 * The entries of the navigation, with the current one marked. When collapsed, only the icons are visible; screen
 * readers still read the names.
 */
export function NavigationLinks({ items, collapsed = false, onNavigate }: NavigationLinksProps) {
  const t = useTranslations("shell");
  const pathname = usePathname();
  return (
    <ul className="grid gap-0.5">
      {items.map(({ href, labelKey, icon }) => {
        const Icon = navigationIcons[icon];
        const current = isCurrent(pathname, href);
        const label = t(`navigation.${labelKey}`);
        return (
          <li key={href}>
            <Link
              href={href}
              onClick={onNavigate}
              aria-current={pathname === href ? "page" : current ? "true" : undefined}
              title={collapsed ? label : undefined}
              className={cn(
                "relative flex h-control items-center gap-2.5 rounded px-2 font-medium",
                "text-ink-muted transition-colors hover:bg-sunken hover:text-ink",
                current && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
                collapsed && "justify-center px-0",
              )}
            >
              <Icon aria-hidden className="size-4 shrink-0" />
              <span className={cn("truncate", collapsed && "sr-only")}>{label}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
