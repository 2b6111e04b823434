import { useTranslations } from "next-intl";
import { Mark } from "@/components/shell/mark";
import { cn } from "@/components/ui/cn";

/** The logo and the name. */
export function Brand({ className }: { className?: string }) {
  const t = useTranslations("shell");
  return (
    <span className={cn("inline-flex items-center gap-2", className)}>
      <Mark className="size-6" />
      <span className="text-md font-semibold tracking-tight">{t("productName")}</span>
    </span>
  );
}
