import { SearchX } from "lucide-react";
import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Button } from "@/components/ui/button";

/** Shown for addresses that do not exist, and for things whose existence the reader may not know. */
export function NotFoundNotice() {
  const t = useTranslations("shell.notFound");
  return (
    <div className="mx-auto grid min-h-[60dvh] max-w-prose place-content-center justify-items-start gap-2 p-6">
      <SearchX aria-hidden className="size-7 text-ink-muted" strokeWidth={1.5} />
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p className="text-ink-muted">{t("description")}</p>
      <Button asChild className="mt-2">
        <Link href={"/" as Route}>{t("back")}</Link>
      </Button>
    </div>
  );
}
