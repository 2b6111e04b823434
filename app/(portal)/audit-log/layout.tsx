import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";

export default function AuditLogLayout({ children }: { children: ReactNode }) {
  return <SectionMessages section="audit-log">{children}</SectionMessages>;
}
