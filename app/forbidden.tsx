import { Lock } from "lucide-react";
import type { Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { Button } from "@/components/ui/button";

/** Shown when the reader's role may not open a page. */
export default async function Forbidden() {
  const t = await getTranslations("shell.forbidden");
  return (
    <div className="mx-auto grid min-h-[60dvh] max-w-prose place-content-center justify-items-start gap-2 p-6">
      <Lock aria-hidden className="size-7 text-ink-muted" strokeWidth={1.5} />
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p className="text-ink-muted">{t("description")}</p>
      <Button asChild className="mt-2">
        <Link href={"/" as Route}>{t("back")}</Link>
      </Button>
    </div>
  );
}
