import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { SingleSignOnView } from "@/lib/access/single-sign-on/settings/read-single-sign-on";

/** The provider of the environment, and what has to be registered there. */
export function ProviderCard({ view: { provider, provenAt } }: { view: SingleSignOnView }) {
  const t = useTranslations("settings.singleSignOn.provider");
  return (
    <Card aria-labelledby="provider">
      <CardHeader id="provider" title={t("title")} description={t("description")} />
      <CardBody>{provider ? <ProviderFacts provider={provider} provenAt={provenAt} /> : <p>{t("none")}</p>}</CardBody>
    </Card>
  );
}

type Provided = { provider: NonNullable<SingleSignOnView["provider"]>; provenAt: Date | null };

function ProviderFacts({ provider, provenAt }: Provided) {
  const t = useTranslations("settings.singleSignOn.provider");
  const code = (text: string) => <code className="font-mono text-sm break-all">{text}</code>;
  const facts = [
    { term: t("issuer"), description: code(provider.issuer) },
    { term: t("clientId"), description: code(provider.clientId) },
    { term: t("scope"), description: code(provider.scope) },
    { term: t("redirect"), description: code(provider.redirectAddress) },
    { term: t("logout"), description: code(provider.logoutAddress) },
    { term: t("proved"), description: provenAt ? <TimeText value={provenAt} /> : t("never") },
  ];
  return <DescriptionList facts={facts} />;
}
