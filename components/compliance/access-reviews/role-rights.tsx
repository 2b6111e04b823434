import { useTranslations } from "next-intl";
import type { AccessReview } from "@/lib/compliance/access-reviews/read-access-review";

/** What each role may do, for whoever decides whether a person still needs it. */
export function RoleRights({ rights }: Pick<AccessReview, "rights">) {
  const [t, codes] = [useTranslations("accessReviews"), useTranslations("codes.permissions")];
  const roles = useTranslations("shell.roles");
  return (
    <div className="grid gap-1">
      {Object.entries(rights).map(([role, names]) => (
        <details key={role}>
          <summary className="cursor-pointer text-sm">
            {t("rights", { role: roles(role as keyof typeof rights), count: names.length })}
          </summary>
          <p className="py-1 text-sm text-ink-muted">{names.map((name) => codes(name)).join("; ")}</p>
        </details>
      ))}
    </div>
  );
}
