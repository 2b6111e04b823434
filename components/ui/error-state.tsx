import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { ErrorText } from "@/components/ui/error-text";

export type ErrorStateProps = { title?: ReactNode; code?: string; requestId?: string; children?: ReactNode; className?: string };

/** In the place of something that could not be shown: the reason by its stable code, the request's id, a way on. */
export function ErrorState({ title, code = "internal", requestId, children, className }: ErrorStateProps) {
  const t = useTranslations("common");
  return (
    <div role="alert" className={cn("grid justify-items-center gap-1 px-6 py-10 text-center", className)}>
      <TriangleAlert aria-hidden className="mb-1 size-6 text-danger" strokeWidth={1.5} />
      <p className="text-md font-semibold">{title ?? t("table.errorTitle")}</p>
      <p className="max-w-prose text-ink-muted">
        <ErrorText code={code} />
      </p>
      {requestId ? <p className="font-mono text-xs text-ink-muted">{t("requestCode", { requestId })}</p> : null}
      {children ? <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div> : null}
    </div>
  );
}
