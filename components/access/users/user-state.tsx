import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { UserRow } from "@/lib/access/users/user-descriptions";

type UserStateProps = Pick<UserRow, "active" | "mustChangePassword" | "invitation"> & { breakGlass?: boolean };

/** Shows whether a user may sign in, was invited, or still has the temporary password. */
export function UserState({ active, mustChangePassword, invitation, breakGlass }: UserStateProps) {
  const t = useTranslations("users.states");
  if (!active) return <Badge>{t("inactive")}</Badge>;
  if (breakGlass) return <Badge tone="caution">{t("breakGlass")}</Badge>;
  if (invitation) {
    const tone = invitation.state === "open" ? "info" : "caution";
    return <Badge tone={tone}>{t(`invitation.${invitation.state}`)}</Badge>;
  }
  return mustChangePassword ? (
    <Badge tone="caution">{t("temporary")}</Badge>
  ) : (
    <Badge tone="positive">{t("active")}</Badge>
  );
}
