import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { PublicController } from "@/lib/access/controller/read-public-controller";

/** Who the controller and its encarregado are, and how to reach them (LGPD Arts. 9, III and IV, and 41, § 1). */
export function ControllerNotice({ controller }: { controller: PublicController | null }) {
  const t = useTranslations("titular.controller");
  if (controller === null) return null;
  const { officer, contact } = controller;
  const known: [label: string, value: string | null][] = [
    [t("legalName"), controller.legalName],
    [t("cnpj"), controller.cnpj],
    [t("address"), controller.address],
    [t("email"), controller.email],
    [t("phone"), controller.phone],
    [t("officer"), officer && (officer.firm ? `${officer.name} (${officer.firm})` : officer.name)],
    [t(officer ? "officerEmail" : "channelEmail"), contact.email],
    [t(officer ? "officerPhone" : "channelPhone"), contact.phone],
  ];
  const facts = known.flatMap(([term, description]) => (description ? [{ term, description }] : []));
  return (
    <Card aria-labelledby="controller">
      <CardHeader id="controller" title={t("title")} />
      <CardBody className="grid gap-3">
        <DescriptionList facts={facts} />
        {controller.privacyNoticeUrl ? (
          <a href={controller.privacyNoticeUrl} rel="noreferrer" className="text-accent underline underline-offset-2">
            {t("privacyNotice")}
          </a>
        ) : null}
      </CardBody>
    </Card>
  );
}
