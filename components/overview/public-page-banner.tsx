import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import type { InstallationLimit } from "@/lib/subject-requests/public-page/used-limits";

/** Warns that the public page turns people away, and what to do. */
export function PublicPageBanner({ usedLimits }: { usedLimits: readonly InstallationLimit[] }) {
  const t = useTranslations("subjectRequests.limits");
  return usedLimits.map((limit) => (
    <FormMessage key={limit} tone="caution" className="mb-4">
      {t(limit)}
    </FormMessage>
  ));
}
