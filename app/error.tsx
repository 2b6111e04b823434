"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";

/** An unexpected error of a page. Shows no detail, only the digest that finds it in the log. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("shell.failure");
  const unavailable = useTranslations("shell.unavailable");
  const isUnavailable = error.digest === "database_unavailable";
  useEffect(() => {
    if (!isUnavailable) return;
    const again = setTimeout(reset, 10_000);
    return () => clearTimeout(again);
  }, [isUnavailable, reset]);
  return (
    <main className="mx-auto grid min-h-[60dvh] max-w-prose place-content-center gap-2 p-6">
      <div role="alert" className="grid justify-items-start gap-2">
        <TriangleAlert aria-hidden className="size-7 text-danger" strokeWidth={1.5} />
        <h1 className="text-xl font-semibold">{isUnavailable ? unavailable("title") : t("title")}</h1>
        <p className="text-ink-muted">{isUnavailable ? unavailable("description") : t("description")}</p>
        {error.digest && !isUnavailable ? (
          <p className="text-sm text-ink-muted">
            {t.rich("code", { digest: () => <code className="font-mono text-ink">{error.digest}</code> })}
          </p>
        ) : null}
      </div>
      <div className="mt-2 flex gap-2">
        <Button variant="primary" onClick={reset}>
          {t("retry")}
        </Button>
        <Button asChild>
          {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- the router may have failed */}
          <a href="/">{t("home")}</a>
        </Button>
      </div>
    </main>
  );
}
