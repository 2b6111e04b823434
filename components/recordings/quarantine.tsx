"use client";

import { useTranslations } from "next-intl";
import { LegalGroundFields } from "@/components/forms/legal-ground-fields";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";

const releaseReasons = ["no_card_data", "masked", "marked_by_mistake"] as const;

type Action = FormAction<unknown>;
type QuarantineProps = {
  recordingId: string;
  /** Null for a reader who may neither release nor erase. */
  actions: { release: Action; erase: Action } | null;
};

/** Says that a recording may have card data. Who may decide releases it or has it erased. */
export function Quarantine({ recordingId, actions }: QuarantineProps) {
  const t = useTranslations("recordings.quarantine");
  const release = (
    <FormDialog trigger={<Button>{t("release")}</Button>} title={t("releaseTitle")} description={t("releaseHint")}>
      {(close) => <ReleaseForm recordingId={recordingId} action={actions!.release} onDone={close} />}
    </FormDialog>
  );
  return (
    <Card aria-labelledby="quarantine">
      <CardHeader id="quarantine" title={t("title")} description={t("description")} />
      <CardBody>
        <p>{t(actions ? "decide" : "waits")}</p>
      </CardBody>
      {actions ? (
        <CardFooter>
          {release}
          <ConfirmedAction
            trigger={<Button variant="danger">{t("erase")}</Button>}
            title={t("eraseTitle")}
            description={t("eraseHint")}
            confirmLabel={t("erase")}
            action={actions.erase}
            fields={{ recordingId }}
            done={t("erased")}
          >
            <Field id="justification" label={t("justification")} hint={t("justificationHint")}>
              <Textarea name="justification" required maxLength={2000} />
            </Field>
            <LegalGroundFields />
          </ConfirmedAction>
        </CardFooter>
      ) : null}
    </Card>
  );
}

function ReleaseForm({ recordingId, action, onDone }: { recordingId: string; action: Action; onDone: () => void }) {
  const t = useTranslations("recordings.quarantine");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("released"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="recordingId" value={recordingId} />
      <Field id="release-reason" label={t("releaseReason")} error={problem("releaseReason")}>
        <Select name="releaseReason" required defaultValue="">
          <option value="" disabled>
            {t("choose")}
          </option>
          {releaseReasons.map((value) => (
            <option key={value} value={value}>
              {t(`reasons.${value}`)}
            </option>
          ))}
        </Select>
      </Field>
      <SubmitButton className="justify-self-end">{t("release")}</SubmitButton>
    </form>
  );
}

/** A button that quarantines a recording, after confirmation. */
export function PutInQuarantine({ recordingId, action }: { recordingId: string; action: Action }) {
  const t = useTranslations("recordings.quarantine");
  return (
    <ConfirmedAction
      trigger={<Button>{t("put")}</Button>}
      title={t("putTitle")}
      description={t("putHint")}
      confirmLabel={t("put")}
      tone="primary"
      action={action}
      fields={{ recordingId }}
      done={t("placed")}
    />
  );
}
