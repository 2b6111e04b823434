"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";

const ownMethods = ["code_and_facts", "in_person", "signature", "company_email", "code"] as const;
const documents = [
  "identity_card",
  "driving_licence",
  "passport",
  "power_of_attorney",
  "birth_certificate",
  "court_order",
  "other",
] as const;

type ConfirmIdentityProps = {
  requestId: string;
  /** The key of the form. */
  checkId: string;
  /** Somebody asks for the data subject, who shows a mandate. */
  isRepresented: boolean;
  action: FormAction<unknown>;
};

/** A button that records how somebody made sure of who asks. */
export function ConfirmIdentity(props: ConfirmIdentityProps) {
  const t = useTranslations("subjectRequests.identity");
  return (
    <FormDialog
      trigger={<Button variant="primary">{t("button")}</Button>}
      title={t("button")}
      description={t("description")}
    >
      {(close) => <IdentityForm {...props} onDone={close} />}
    </FormDialog>
  );
}

type IdentityFormProps = ConfirmIdentityProps & { onDone: () => void };

function IdentityForm({ requestId, checkId, isRepresented, action, onDone }: IdentityFormProps) {
  const t = useTranslations("subjectRequests");
  const optional = useTranslations("common")("optional");
  const notify = useNotify();
  const methods = isRepresented ? (["mandate"] as const) : ownMethods;
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("identity.done"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="checkId" value={checkId} />
      <Field id="method" label={t("identity.method")} error={problem("method")}>
        <Select name="method">
          {methods.map((method) => (
            <option key={method} value={method}>
              {t(`identityMethods.${method}`)}
            </option>
          ))}
        </Select>
      </Field>
      <div className="grid gap-4 sm:grid-cols-[1fr_auto]">
        <Field id="document" label={t("identity.document")} note={optional} error={problem("document")}>
          <Select name="document" defaultValue="">
            <option value="">{t("identity.noDocument")}</option>
            {documents.map((document) => (
              <option key={document} value={document}>
                {t(`documents.${document}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field id="documentTail" label={t("identity.tail")} note={optional} error={problem("documentTail")}>
          <Input name="documentTail" maxLength={3} className="max-w-24" autoComplete="off" />
        </Field>
      </div>
      <Field id="note" label={t("identity.note")} hint={t("identity.noteHint")} error={problem("note")}>
        <Textarea name="note" required maxLength={2000} />
      </Field>
      <SubmitButton className="justify-self-end">{t("identity.send")}</SubmitButton>
    </form>
  );
}
