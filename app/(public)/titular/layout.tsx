import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { PublicShell } from "@/components/shell/public-shell";
import { readPublicController } from "@/lib/access/controller/read-public-controller";
import { env } from "@/lib/core/env";
import { loadPublicPage } from "@/lib/http/public-context";
import { setLocale } from "@/lib/http/set-locale";

export default async function TitularLayout({ children }: { children: ReactNode }) {
  const [controller, locale] = await Promise.all([loadPublicPage(readPublicController, {}), getLocale()]);
  const company = controller?.tradeName ?? controller?.legalName ?? env().CONTROLLER_NAME;
  return (
    <PublicShell company={company} locale={locale} setLocaleAction={setLocale}>
      {children}
    </PublicShell>
  );
}
