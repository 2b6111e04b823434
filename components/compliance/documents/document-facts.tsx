import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { DocumentDetail } from "@/lib/compliance/documents/read-document";

/** What the system says, section by section. The document is in Portuguese in every language of the portal. */
export function DocumentFacts({ sections }: { sections: DocumentDetail["sections"] }) {
  const t = useTranslations("compliance.documents");
  return (
    <Card aria-labelledby="facts">
      <CardHeader id="facts" title={t("facts")} description={t("factsHint")} />
      <CardBody className="grid gap-2" lang="pt-BR">
        {sections.map((section) => (
          <details key={section.key} open={section.key !== "measures"}>
            <summary className="w-fit cursor-pointer font-medium">{section.title}</summary>
            <p className="text-sm text-ink-muted">{section.source}</p>
            {section.rows.map((row, index) => (
              <div key={index} className="mt-1">
                {row.title === "" ? null : <p className="text-sm font-medium">{row.title}</p>}
                <DescriptionList columns={2} facts={row.facts.map(([term, description]) => ({ term, description }))} />
              </div>
            ))}
          </details>
        ))}
      </CardBody>
    </Card>
  );
}
