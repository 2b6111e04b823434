"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useKeptForm } from "@/components/forms/kept-form";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { AnswerFields } from "@/components/subject-requests/answer-fields";
import { ReceiptFields } from "@/components/subject-requests/receipt-fields";
import { RightFields } from "@/components/subject-requests/right-fields";
import { SubjectFields } from "@/components/subject-requests/subject-fields";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { Intake } from "@/lib/subject-requests/read-intake";
import { formatProtocol } from "@/lib/i18n/format";

export type IntakeFormProps = Intake & {
  requestId: string;
  action: FormAction<{ requestId: string; protocol: string }>;
};

/** Registers a request that came by phone, letter, e-mail, at the counter, or from an authority. */
export function IntakeForm({ requestId, deadlines, choices, timeZone, now, action }: IntakeFormProps) {
  const t = useTranslations("subjectRequests.intake");
  const [router, notify] = [useRouter(), useNotify()];
  const kept = useKeptForm(requestId);
  const { state, form, problem, message } = useActionForm(action, (registered) => {
    kept.forget();
    notify(t("done", { protocol: formatProtocol(registered.protocol) }));
    // Back leads to where the reader came from: this form has registered its request.
    router.replace(`/privacy-requests/${registered.requestId}` as Route);
  });
  return (
    <form {...form} onInput={kept.onInput} className="grid max-w-4xl gap-4">
      <kept.Provider value={kept.values}>
        <input type="hidden" name="requestId" value={requestId} />
        <Part id="receipt">
          <ReceiptFields choices={choices} timeZone={timeZone} now={now} problem={problem} />
        </Part>
        <Part id="subject">
          <SubjectFields choices={choices} problem={problem} />
        </Part>
        <Part id="rights">
          <RightFields deadlines={deadlines} problem={problem} />
        </Part>
        <Card aria-labelledby="answer">
          <CardHeader id="answer" title={t("answer")} description={t("answerDescription")} />
          <CardBody className="grid items-start gap-4 sm:grid-cols-2">
            <AnswerFields choices={choices} problem={problem} />
          </CardBody>
          <CardFooter>
            <div className="mr-auto">{message}</div>
            {/* Disabled after success: the next page is loading. */}
            <SubmitButton disabled={state.status === "done"}>{t("send")}</SubmitButton>
          </CardFooter>
        </Card>
      </kept.Provider>
    </form>
  );
}

function Part({ id, children }: { id: "receipt" | "subject" | "rights"; children: ReactNode }) {
  const t = useTranslations("subjectRequests.intake");
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={t(id)} description={t(`${id}Description`)} />
      <CardBody className="grid items-start gap-4 sm:grid-cols-2">{children}</CardBody>
    </Card>
  );
}
