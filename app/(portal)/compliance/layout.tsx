import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";

export default function ComplianceLayout({ children }: { children: ReactNode }) {
  return <SectionMessages section="compliance">{children}</SectionMessages>;
}
