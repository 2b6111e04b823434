import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";

/** Shows whether a user may sign in, and still has the temporary password. */
export function UserState({ active, mustChangePassword }: { active: boolean; mustChangePassword: boolean }) {
  const t = useTranslations("users.states");
  if (!active) return <Badge>{t("inactive")}</Badge>;
  return mustChangePassword ? (
    <Badge tone="caution">{t("temporary")}</Badge>
  ) : (
    <Badge tone="positive">{t("active")}</Badge>
  );
}
