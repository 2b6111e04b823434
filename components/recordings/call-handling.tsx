"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { PutInQuarantine } from "@/components/recordings/quarantine";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { CallHandling as Handling } from "@/lib/recordings/handling/call-handling";

const answers = ["yes", "no", "unknown"] as const;
const cardDataHandlings = ["paused", "masked", "none", "unknown"] as const;

export type CallHandlingProps = {
  recordingId: string;
  handling: Handling;
  /** Null for a reader who may not change it. */
  change: { revision: string; action: FormAction<unknown> } | null;
  /** Null for a reader who may not quarantine it. */
  quarantine: FormAction<unknown> | null;
};

/** Shows whether the caller was told of the recording, sensitive content, and what was done with card data. */
export function CallHandling({ recordingId, handling, change, quarantine }: CallHandlingProps) {
  const t = useTranslations("recordings.handling");
  const { announcementPlayed, announcementVersion, sensitiveContent, cardDataHandling } = handling;
  const facts = [
    {
      term: t("announcementPlayed"),
      description: announcementVersion
        ? t("versioned", { answer: t(`answers.${announcementPlayed}`), version: announcementVersion })
        : t(`answers.${announcementPlayed}`),
    },
    { term: t("sensitiveContent"), description: t(`answers.${sensitiveContent}`) },
    { term: t("cardDataHandling"), description: t(`cardDataHandlings.${cardDataHandling}`) },
  ];
  return (
    <Card aria-labelledby="handling">
      <CardHeader id="handling" title={t("title")} />
      <CardBody className="py-2">
        <DescriptionList facts={facts} />
      </CardBody>
      {change ? (
        <CardFooter>
          <FormDialog trigger={<Button>{t("change")}</Button>} title={t("changeTitle")} description={t("changeHint")}>
            {(close) => <HandlingForm {...change} recordingId={recordingId} handling={handling} onDone={close} />}
          </FormDialog>
          {quarantine ? <PutInQuarantine recordingId={recordingId} action={quarantine} /> : null}
        </CardFooter>
      ) : null}
    </Card>
  );
}

type HandlingFormProps = NonNullable<CallHandlingProps["change"]> &
  Pick<CallHandlingProps, "recordingId" | "handling"> & { onDone: () => void };

function HandlingForm({ recordingId, handling, revision, action, onDone }: HandlingFormProps) {
  const t = useTranslations("recordings.handling");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("done"));
    onDone();
  });
  const choice = (name: "announcementPlayed" | "sensitiveContent") => (
    <Field id={`handling-${name}`} label={t(name)} error={problem(name)}>
      <Select name={name} defaultValue={handling[name]}>
        {answers.map((value) => (
          <option key={value} value={value}>
            {t(`answers.${value}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="recordingId" value={recordingId} />
      <input type="hidden" name="revision" value={revision} />
      {choice("announcementPlayed")}
      <Field
        id="handling-version"
        label={t("announcementVersion")}
        hint={t("announcementVersionHint")}
        error={problem("announcementVersion")}
      >
        <Input
          name="announcementVersion"
          maxLength={32}
          autoComplete="off"
          defaultValue={handling.announcementVersion ?? ""}
        />
      </Field>
      {choice("sensitiveContent")}
      <Field id="handling-cardDataHandling" label={t("cardDataHandling")} error={problem("cardDataHandling")}>
        <Select name="cardDataHandling" defaultValue={handling.cardDataHandling}>
          {cardDataHandlings.map((value) => (
            <option key={value} value={value}>
              {t(`cardDataHandlings.${value}`)}
            </option>
          ))}
        </Select>
      </Field>
      <SubmitButton className="justify-self-end">{t("save")}</SubmitButton>
    </form>
  );
}
