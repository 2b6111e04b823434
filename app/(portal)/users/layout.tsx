import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";

export default function UsersLayout({ children }: { children: ReactNode }) {
  return <SectionMessages section="users">{children}</SectionMessages>;
}
