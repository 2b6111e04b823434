import type { ReactNode } from "react";
import type { NavigationItem } from "@/components/shell/navigation-item";
import type { ShellSettings } from "@/components/shell/shell-settings";
import { Sidebar } from "@/components/shell/sidebar";
import { SkipLink } from "@/components/shell/skip-link";
import { TopBar } from "@/components/shell/top-bar";
import { ToastProvider } from "@/components/ui/toast";

export type AppShellProps = ShellSettings & {
  navigation: readonly NavigationItem[];
  /** From `readPreferences()`. */
  navigationCollapsed?: boolean;
  children: ReactNode;
};

/** The frame of all pages behind the sign-in: navigation, the reader's settings, and the page as `#content`. */
export function AppShell({ children, navigation, navigationCollapsed = false, ...settings }: AppShellProps) {
  return (
    <ToastProvider>
      <SkipLink />
      <div className="lg:flex">
        <Sidebar navigation={navigation} collapsedAtFirst={navigationCollapsed} {...settings} />
        <TopBar navigation={navigation} {...settings} />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 px-4 py-5 outline-none sm:px-6 lg:px-8">
          <div className="mx-auto max-w-page">{children}</div>
        </main>
      </div>
    </ToastProvider>
  );
}
