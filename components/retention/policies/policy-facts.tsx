import { useTranslations } from "next-intl";
import { ReviewDay } from "@/components/retention/policies/policies-table";
import { PolicyBadges } from "@/components/retention/policies/policy-badges";
import { PolicyMatchText } from "@/components/retention/policies/policy-match-text";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { Card, CardBody } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { RetentionPolicyRow } from "@/lib/retention/policies/policy-selection";

/** Lists the terms of a policy. `today` is the controller's calendar day. */
export function PolicyFacts({ policy, today }: { policy: RetentionPolicyRow; today: string }) {
  const t = useTranslations("policies");
  const { sentence } = usePolicyWords();
  const facts = [
    { term: t("columns.match"), description: <PolicyMatchText policy={policy} /> },
    { term: t("columns.basis"), description: policy.legalBasis ? t(`bases.${policy.legalBasis}`) : t("notStated") },
    { term: t("form.source"), description: policy.source },
    {
      term: t("form.justification"),
      description: <span className="break-words whitespace-pre-line">{policy.justification}</span>,
    },
    { term: t("columns.reviewOn"), description: <ReviewDay day={policy.reviewOn} /> },
    { term: t("columns.version"), description: policy.version },
  ];
  return (
    <Card className="mb-4 max-w-2xl">
      <CardBody className="grid gap-3">
        <p className="text-md">
          {sentence(policy)} <PolicyBadges policy={policy} today={today} />
        </p>
        <DescriptionList facts={facts} />
      </CardBody>
    </Card>
  );
}
