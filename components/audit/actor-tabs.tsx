import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { cn } from "@/components/ui/cn";

const types = [undefined, "user", "service", "job"] as const;

/** Shows people, systems or background jobs alone. */
export function ActorTabs({
  current,
  href,
}: {
  current: string | undefined;
  href: (type: string | undefined) => string;
}) {
  const t = useTranslations("audit.actorTypes");
  return (
    <nav aria-label={t("label")} className="flex flex-wrap gap-1">
      {types.map((type) => (
        <Link
          key={type ?? "all"}
          href={href(type) as Route}
          aria-current={type === current ? "true" : undefined}
          className={cn(
            "rounded-sm px-2 py-0.5 text-sm pointer-coarse:py-2",
            type === current ? "bg-accent-soft font-medium text-accent" : "text-ink-muted hover:bg-sunken",
          )}
        >
          {t(type ?? "all")}
        </Link>
      ))}
    </nav>
  );
}
