import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { PublicRights } from "@/lib/subject-requests/public-page/read-public-rights";

/** The rights in plain words, with their deadlines, and where to complain (LGPD Art. 18, §§ 1 and 8). */
export function RightsNotice({ deadlines }: { deadlines: PublicRights }) {
  const [t, tRequests] = [useTranslations("titular.rights"), useTranslations("subjectRequests")];
  const link = (href: string) =>
    function ExternalLink(text: ReactNode) {
      return (
        <a href={href} rel="noreferrer" className="text-accent underline underline-offset-2">
          {text}
        </a>
      );
    };
  return (
    <Card aria-labelledby="rights">
      <CardHeader id="rights" title={t("title")} description={t("free")} />
      <CardBody className="grid gap-3">
        <ul className="grid gap-2">
          {deadlines.map(({ right, days }) => (
            <li key={right}>
              <h3 className="font-medium">{tRequests(`rights.${right}`)}</h3>
              <p className="text-ink-muted">
                {tRequests(`explanations.${right}`)} {t("deadline", { days })}
              </p>
            </li>
          ))}
        </ul>
        <p>
          {t.rich("complain", {
            anpd: link("https://www.gov.br/anpd"),
            consumer: link("https://www.consumidor.gov.br"),
          })}
        </p>
      </CardBody>
    </Card>
  );
}
