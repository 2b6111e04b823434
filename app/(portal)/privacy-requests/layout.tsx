import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";

export default function PrivacyRequestsLayout({ children }: { children: ReactNode }) {
  return <SectionMessages section="privacy-requests">{children}</SectionMessages>;
}
