import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";

export default function RecordingsLayout({ children }: { children: ReactNode }) {
  return <SectionMessages section="recordings">{children}</SectionMessages>;
}
