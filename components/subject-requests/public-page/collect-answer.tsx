import { useTranslations } from "next-intl";
import { Step } from "@/components/subject-requests/public-page/own-request-step";
import { Button } from "@/components/ui/button";
import { TimeText } from "@/components/ui/time-text";
import type { Collection } from "@/lib/subject-requests/answer/collection";

type CollectAnswerProps = { collection: Collection; timeZone: string };

/** The files of each answer, for an hour after a fresh code. Forms, so that no address has the token. */
export function CollectAnswer({ collection: { id, token, answers }, timeZone }: CollectAnswerProps) {
  const t = useTranslations("titular.collect");
  return (
    <Step id="collect" title={t("title")}>
      <p>{t("why")}</p>
      {answers.map((answer) => (
        <section key={answer.id} aria-labelledby={`answer-${answer.id}`} className="grid gap-2">
          <h3 id={`answer-${answer.id}`} className="font-medium">
            {t.rich("answer", {
              number: answer.number,
              day: () => <TimeText value={answer.issuedAt} timeZone={timeZone} as="date" />,
            })}
          </h3>
          <ul className="flex flex-wrap gap-2">
            {answer.files.map(({ kind, orderId, part }, index) => (
              <li key={`${kind}-${orderId}-${part}`}>
                <form action={`/api/answers/${id}`} method="post">
                  <input type="hidden" name="token" value={token} readOnly />
                  <input type="hidden" name="answerId" value={answer.id} readOnly />
                  <input type="hidden" name="kind" value={kind} readOnly />
                  {part > 1 ? <input type="hidden" name="part" value={part} readOnly /> : null}
                  {orderId ? <input type="hidden" name="orderId" value={orderId} readOnly /> : null}
                  <Button type="submit" variant={index === 0 ? "primary" : undefined}>
                    {t(`files.${kind}`)} {part > 1 ? part : null}
                  </Button>
                </form>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Step>
  );
}
