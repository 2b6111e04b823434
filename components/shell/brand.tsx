import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** The logo and the name. */
export function Brand({ className }: { className?: string }) {
  const t = useTranslations("shell");
  return (
    <span className={cn("inline-flex items-center gap-2", className)}>
      <Logo className="size-6" />
      <span className="text-md font-semibold tracking-tight">{t("productName")}</span>
    </span>
  );
}

/** Decorative: the name is beside it as text. */
function Logo(props: ComponentProps<"svg">) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden {...props}>
      <rect width="32" height="32" rx="7" fill="#0b5566" />
      <path d="M22.6 9.4a9.3 9.3 0 1 0 0 13.2" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <path
        d="M12.2 14.4v3.2M16 11.8v8.4M19.8 14.4v3.2"
        fill="none"
        stroke="#8ad7e4"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
