import { useTranslations } from "next-intl";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { PublicRetention } from "@/lib/retention/policies/list-public-retention";

/** What is recorded, why, and for how long, from the policies in force (LGPD Art. 9, I and II). */
export function RetentionNotice({ policies }: { policies: readonly PublicRetention[] }) {
  const [t, tPolicies] = [useTranslations("titular.retention"), useTranslations("policies")];
  const { sentence } = usePolicyWords();
  return (
    <Card aria-labelledby="retention">
      <CardHeader id="retention" title={t("title")} />
      <CardBody className="grid gap-3">
        <p>{t("what")}</p>
        {policies.length === 0 ? <p>{t("none")}</p> : null}
        <ul className="grid gap-3">
          {policies.map((policy) => (
            <li key={policy.id}>
              <h3 className="font-medium">{policy.name}</h3>
              <p>{sentence(policy)}</p>
              <p className="text-sm text-ink-muted">
                {policy.legalBasis ? `${tPolicies(`bases.${policy.legalBasis}`)}. ` : null}
                {t("source", { source: policy.source })}
              </p>
            </li>
          ))}
        </ul>
        <p className="text-sm text-ink-muted">{t("holds")}</p>
      </CardBody>
    </Card>
  );
}
