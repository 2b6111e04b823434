import { useTranslations } from "next-intl";
import { DescriptionList } from "@/components/ui/description-list";
import type { Role } from "@/lib/operation/actor";

export type AccountFactsProps = {
  account: { name: string; email: string; role: Role; units: { id: string; name: string }[] };
};

/** Shows the data of the reader's own account. */
export function AccountFacts({ account }: AccountFactsProps) {
  const t = useTranslations("settings.account");
  const roleName = useTranslations("shell.roles");
  const facts = [
    { term: t("name"), description: account.name },
    { term: t("email"), description: account.email },
    { term: t("role"), description: roleName(account.role) },
    {
      term: t("units"),
      description: account.role === "supervisor" ? account.units.map(({ name }) => name).join(", ") : t("allUnits"),
    },
  ];
  return <DescriptionList facts={facts} />;
}
