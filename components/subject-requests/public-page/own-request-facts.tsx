import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { OwnRequest } from "@/lib/subject-requests/public-page/own-request";
import { formatProtocol, lastWholeDay } from "@/lib/i18n/format";

/** How far a request is, in plain words, with the last day for the answer of each right. */
export function OwnRequestFacts({ request }: { request: OwnRequest }) {
  const [t, names] = [useTranslations("titular.follow"), useTranslations("subjectRequests.rights")];
  const { protocol, receivedAt, timeZone, rights, isProved, isUnproven, answers } = request;
  return (
    <Card aria-labelledby="own-request">
      <CardHeader id="own-request" title={t("title", { protocol: formatProtocol(protocol) })} />
      <CardBody className="grid gap-3">
        <p>
          {t.rich("received", { time: () => <TimeText value={receivedAt} timeZone={timeZone} /> })}{" "}
          {isUnproven ? t("isUnproved") : isProved ? t("isProved") : null}
        </p>
        {answers.map(({ number, collectUntil }) => (
          <p key={number} className="font-medium">
            {t.rich("answerReady", {
              number,
              day: () => <TimeText value={lastWholeDay(collectUntil, timeZone)} timeZone={timeZone} as="date" />,
            })}
          </p>
        ))}
        <ul className="grid gap-2">
          {rights.map(({ right, state, dueUntil }) => (
            <li key={right}>
              <h3 className="font-medium">{names(right)}</h3>
              <p className="text-ink-muted">
                {t(`states.${state}`)}{" "}
                {state === "answered" || state === "withdrawn"
                  ? null
                  : t.rich("until", {
                      day: () => <TimeText value={lastWholeDay(dueUntil, timeZone)} timeZone={timeZone} as="date" />,
                    })}
              </p>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
