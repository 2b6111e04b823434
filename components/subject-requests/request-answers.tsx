"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { OneTimeSecret } from "@/components/ui/one-time-secret";
import { TimeText } from "@/components/ui/time-text";
import { lastWholeDay } from "@/lib/i18n/format";
import type { Answers } from "@/lib/subject-requests/answer/read-answers";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

type RequestAnswersProps = {
  request: Pick<RequestDetails, "id" | "mayWork" | "timeZone">;
  answers: Answers;
  issue: FormAction<unknown>;
  issueCode: FormAction<{ followUpCode: string }>;
};

/** The letters of a request with their files, and the rights that another letter can answer now. */
export function RequestAnswers({ request, answers: { answers, ready }, issue, issueCode }: RequestAnswersProps) {
  const t = useTranslations("subjectRequests");
  const { id, mayWork, timeZone } = request;
  return (
    <CardBody className="grid gap-3">
      {answers.length === 0 && ready.length === 0 ? <p className="text-ink-muted">{t("answers.none")}</p> : null}
      {answers.map((answer) => (
        <div key={answer.id} className="grid gap-1">
          <h3 className="font-medium">
            {t.rich("answers.letter", {
              number: answer.number,
              time: () => <TimeText value={answer.issuedAt} timeZone={timeZone} />,
              name: answer.issuedBy ?? "–",
            })}
          </h3>
          <p className="text-sm text-ink-muted">
            {t.rich("answers.until", {
              day: () => <TimeText value={lastWholeDay(answer.collectUntil, timeZone)} timeZone={timeZone} as="date" />,
            })}{" "}
            {t("answers.hash")} <span className="font-mono break-all">{answer.sha256}</span>
          </p>
          {mayWork ? (
            <ul className="flex flex-wrap gap-x-4 gap-y-1">
              {answer.files.map((file) => (
                <li key={`${file.kind}-${file.orderId}-${file.part}`}>
                  <a href={fileAddress(id, answer.id, file)} download className={link}>
                    {t(`answers.files.${file.kind}`)} {file.part > 1 ? file.part : null}
                  </a>
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      ))}
      {mayWork && ready.length > 0 ? (
        <div className="grid gap-2">
          <p>{t("answers.ready", { rights: ready.map((right) => t(`rights.${right}`)).join("; ") })}</p>
          <div>
            <ConfirmedAction
              trigger={<Button variant="primary">{t("answers.issue")}</Button>}
              title={t("answers.issue")}
              description={t("answers.issueHint")}
              confirmLabel={t("answers.issue")}
              tone="primary"
              action={issue}
              fields={{ requestId: id }}
              done={t("answers.issued")}
            />
          </div>
        </div>
      ) : null}
      {mayWork ? <FollowUpCode requestId={id} action={issueCode} /> : null}
    </CardBody>
  );
}

type FollowUpCodeProps = { requestId: string; action: FormAction<{ followUpCode: string }> };

/** For requests that were taken by hand, and for who lost the code: shown once, for the desk to tell the person. */
function FollowUpCode({ requestId, action }: FollowUpCodeProps) {
  const t = useTranslations("subjectRequests.answers.code");
  const [code, setCode] = useState<string | null>(null);
  if (code) return <OneTimeSecret label={t("label")} warning={t("warning")} value={code} />;
  return (
    <div>
      <ConfirmedAction
        trigger={<Button>{t("issue")}</Button>}
        title={t("issue")}
        description={t("hint")}
        confirmLabel={t("issue")}
        tone="primary"
        action={action}
        fields={{ requestId }}
        done={t("issued")}
        onDone={({ followUpCode }) => setCode(followUpCode)}
      />
    </div>
  );
}

const link = "text-accent underline underline-offset-2";

type File = Answers["answers"][number]["files"][number];

function fileAddress(requestId: string, answerId: string, { kind, orderId, part }: File): string {
  const which = orderId ? `?order=${orderId}` : part > 1 ? `?part=${part}` : "";
  return `/api/privacy-requests/${requestId}/answers/${answerId}/${kind}${which}`;
}
