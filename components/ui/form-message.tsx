import { CircleCheck, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const looks = {
  danger: ["border-danger bg-danger-soft text-danger", TriangleAlert],
  caution: ["border-caution bg-caution-soft text-caution", TriangleAlert],
  positive: ["border-positive bg-positive-soft text-positive", CircleCheck],
  info: ["border-info bg-info-soft text-info", Info],
} as const satisfies Record<string, readonly [string, LucideIcon]>;

export type FormMessageProps = {
  tone?: keyof typeof looks;
  requestId?: string;
  children?: ReactNode;
  className?: string;
};

/** The result of a form, which screen readers announce. Its live region is rendered even when it is empty. */
export function FormMessage({ tone = "danger", requestId, children, className }: FormMessageProps) {
  const t = useTranslations("common");
  const [style, Icon] = looks[tone];
  return (
    <div role={tone === "danger" ? "alert" : "status"} className="empty:hidden">
      {children ? (
        <div className={cn("flex items-start gap-2 rounded border-l-3 px-3 py-2", style, className)}>
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
          <div className="min-w-0 text-ink">
            {children}
            {requestId ? (
              <p className="mt-0.5 font-mono text-xs text-ink-muted">{t("requestCode", { requestId })}</p>
            ) : null}
          </div>
        </div>
      ) : null}
    </div>
  );
}
