"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState, useSyncExternalStore, type ReactNode } from "react";
import { PublicChoice, PublicLines, PublicText } from "@/components/subject-requests/public-page/public-fields";
import { PublicMessage } from "@/components/subject-requests/public-page/public-message";
import { RequestReceipt } from "@/components/subject-requests/public-page/request-receipt";
import { RightChoices } from "@/components/subject-requests/public-page/right-choices";
import type { OwnRequestActions } from "@/components/subject-requests/public-page/own-request-steps";
import { usePublicForm, type PublicAction } from "@/components/subject-requests/public-page/use-public-form";
import { WorkProof } from "@/components/subject-requests/public-page/work-proof";
import { Card, CardBody } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import { locales } from "@/lib/i18n/locales";
import type { PublicFormPage } from "@/lib/subject-requests/public-page/read-public-form";
import type { SubmittedRequest } from "@/lib/subject-requests/public-page/submit-request";

export type RequestFormProps = PublicFormPage & {
  action: PublicAction<SubmittedRequest>;
  followUp: OwnRequestActions;
};

/** What a person asks for. After it was sent, its receipt. */
export function RequestForm({ deadlines, choices, formKey, challenge, action, followUp }: RequestFormProps) {
  const t = useTranslations("titular");
  const { state, form, ...of } = usePublicForm(action);
  if (state.outcome.status === "done") return <RequestReceipt receipt={state.outcome.result} actions={followUp} />;
  return (
    <form {...form}>
      <Card>
        <CardBody className="grid gap-5">
          <input type="hidden" name="formKey" value={formKey} readOnly />
          <WorkProof challenge={challenge} />
          <Trap label={t("fields.website")} error={of.problem("website")} />
          <RightChoices deadlines={deadlines} of={of} />
          <PersonFields choices={choices} of={of} />
          <AnswerFields choices={choices} of={of} />
          <PublicLines name="words" rows={5} maxLength={4000} of={of} isOptional />
          <PublicMessage outcome={state.outcome} />
          <SubmitButton>{t("form.send")}</SubmitButton>
        </CardBody>
      </Card>
    </form>
  );
}

type PartProps = { choices: PublicFormPage["choices"]; of: Parameters<typeof PublicText>[0]["of"] };

function PersonFields({ choices, of }: PartProps) {
  const t = useTranslations();
  const [requester, setRequester] = useState(of.sent("requester") ?? "data_subject");
  const asksForAnother = !useIsInteractive() || requester !== "data_subject";
  return (
    <>
      <PublicChoice
        name="requester"
        of={of}
        onChoose={setRequester}
        options={choices.requesters.map((value) => [value, t(`titular.requesters.${value}`)])}
      />
      <PublicText name="subjectName" autoComplete="name" maxLength={200} of={of} />
      {asksForAnother ? (
        <>
          <PublicText name="requesterName" maxLength={200} of={of} />
          <p className="text-sm text-ink-muted">{t("titular.form.mandate")}</p>
        </>
      ) : null}
      <PublicLines name="numbers" rows={2} inputMode="tel" autoComplete="tel" of={of} />
      <PublicText name="taxId" inputMode="numeric" autoComplete="off" maxLength={32} of={of} isOptional />
      <PublicLines name="protocols" rows={2} autoComplete="off" of={of} isOptional />
      <div className="grid gap-4 sm:grid-cols-2">
        <PublicText name="periodFrom" type="date" of={of} isOptional />
        <PublicText name="periodTo" type="date" of={of} isOptional />
      </div>
    </>
  );
}

function AnswerFields({ choices, of }: PartProps) {
  const t = useTranslations();
  const locale = useLocale();
  const [channel, setChannel] = useState(of.sent("answerChannel") ?? choices.answerChannels[0]);
  const isInteractive = useIsInteractive();
  return (
    <>
      <PublicChoice
        name="answerChannel"
        of={of}
        onChoose={setChannel}
        options={choices.answerChannels.map((value) => [value, t(`titular.answerChannels.${value}`)])}
      />
      {choices.answerChannels.includes("email") ? null : <p className="text-sm">{t("titular.form.noEmail")}</p>}
      {isInteractive && channel === "counter" ? null : <PublicText name="answerAddress" maxLength={500} of={of} />}
      <PublicChoice
        name="answerForm"
        of={of}
        options={choices.answerForms.map((value) => [value, t(`titular.answerForms.${value}`)])}
      />
      <PublicChoice
        name="answerLocale"
        of={of}
        initial={locale}
        options={locales.map((value) => [value, t(`shell.languages.${value}`)])}
      />
    </>
  );
}

/** Programs that fill every field fill this one. People neither see it nor reach it. */
function Trap({ label, error }: { label: string; error?: ReactNode }) {
  return (
    <div aria-hidden className={error ? undefined : "absolute -left-[200vw]"}>
      <label>
        {label} <input name="website" tabIndex={error ? undefined : -1} autoComplete="off" defaultValue="" />
      </label>
      {error}
    </div>
  );
}

const never = () => () => undefined;

/** False on the server and without JavaScript: then every field is shown, since none can appear later. */
const useIsInteractive = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
