import { useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { UserRow } from "@/lib/access/users/user-descriptions";

/** Shows a user to readers who may not change it. */
export function UserFacts({ user }: { user: UserRow }) {
  const t = useTranslations("users");
  const roleName = useTranslations("shell.roles");
  const facts = [
    { term: t("columns.name"), description: user.name },
    { term: t("columns.email"), description: user.email },
    { term: t("columns.role"), description: roleName(user.role) },
    {
      term: t("columns.units"),
      description: user.role === "supervisor" ? user.units.map(({ name }) => name).join(", ") : t("allUnits"),
    },
    { term: t("columns.signsInAt"), description: t(`signsInAt.${user.signsInAt}`) },
    {
      term: t("columns.lastSignIn"),
      description: user.lastSignInAt ? <TimeText value={user.lastSignInAt} /> : t("never"),
    },
  ];
  return (
    <CardBody>
      <DescriptionList facts={facts} />
    </CardBody>
  );
}
