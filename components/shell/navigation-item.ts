import {
  BookCheck,
  ClipboardCheck,
  FileAudio,
  Hourglass,
  Inbox,
  ScrollText,
  Settings,
  Users,
  type LucideIcon,
} from "lucide-react";
import type { Route } from "next";
import type { Messages } from "@/lib/i18n/namespaces";

export const navigationIcons = {
  recordings: FileAudio,
  requests: Inbox,
  retention: Hourglass,
  log: ScrollText,
  compliance: ClipboardCheck,
  users: Users,
  settings: Settings,
  document: BookCheck,
} satisfies Record<string, LucideIcon>;

/** An entry of the navigation: its address, its name in `shell.navigation`, the name of its icon. */
export type NavigationItem = {
  href: Route;
  labelKey: keyof Messages["shell"]["navigation"];
  icon: keyof typeof navigationIcons;
};
