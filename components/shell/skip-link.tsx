import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

/** The first link for keyboard users: skips the navigation to `#content`. */
export function SkipLink() {
  const t = useTranslations("shell");
  return (
    <a
      href="#content"
      className={cn(
        "fixed top-2 left-2 z-50 -translate-y-20 rounded bg-accent-solid",
        "px-3 py-2 font-medium text-on-solid focus:translate-y-0",
      )}
    >
      {t("skipToContent")}
    </a>
  );
}
