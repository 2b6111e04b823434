"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { PreviewedText } from "@/components/messages/previewed-text";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { MessagePreview } from "@/lib/notifications/templates/preview-message-text";
import type { MessageText } from "@/lib/notifications/templates/read-message-text";

type Change = FormAction<{ version: string }>;

export type TextEditorProps = {
  text: MessageText;
  mayChange: boolean;
  changeAction: Change;
  previewAction: FormAction<MessagePreview>;
  restoreAction: Change;
};

/** Shows the text in force, with a preview. Who may change it saves a new version, or returns to the standard text. */
export function TextEditor({ text, mayChange, changeAction, previewAction, restoreAction }: TextEditorProps) {
  const t = useTranslations("messageTexts");
  const notify = useNotify();
  const change = useActionForm(changeAction, () => notify(t("edit.saved")));
  const preview = useActionForm(previewAction);
  // What was wrong with the text before the last click is no longer said.
  const [isPreviewed, setPreviewed] = useState(false);
  const { problem, message } = isPreviewed ? preview : change;
  const { key, current } = text;
  const isEmail = key.channel === "email";
  return (
    <>
      <form {...change.form}>
        <Card aria-labelledby="edit">
          <CardHeader id="edit" title={t("edit.title")} description={<VersionName version={current.version} />} />
          <CardBody className="grid gap-3">
            {Object.entries({ ...key, version: current.version }).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            {isEmail ? (
              <Field id="subject" label={t("edit.subject")} error={problem("subject")}>
                <Input name="subject" defaultValue={current.text.subject} readOnly={!mayChange} autoComplete="off" />
              </Field>
            ) : null}
            <Field id="body" label={t("edit.body")} hint={<BodyHint text={text} />} error={problem("body")}>
              <Textarea name="body" rows={8} defaultValue={current.text.body} readOnly={!mayChange} />
            </Field>
            {message}
          </CardBody>
          <CardFooter>
            <SubmitButton variant="secondary" formAction={preview.send} onClick={() => setPreviewed(true)}>
              {t("edit.preview")}
            </SubmitButton>
            {mayChange ? <SubmitButton onClick={() => setPreviewed(false)}>{t("edit.save")}</SubmitButton> : null}
          </CardFooter>
        </Card>
      </form>
      {mayChange && current.version.startsWith("company:") ? (
        <div className="justify-self-end">
          <ConfirmedAction
            trigger={<Button>{t("restore.button")}</Button>}
            title={t("restore.title")}
            description={t("restore.description")}
            touches={[t("restore.touches")]}
            confirmLabel={t("restore.button")}
            action={restoreAction}
            fields={{ ...key, version: current.version }}
            done={t("restore.done")}
            tone="primary"
          />
        </div>
      ) : null}
      {preview.state.status === "done" ? <PreviewedText preview={preview.state.result} /> : null}
    </>
  );
}

function VersionName({ version }: { version: string }) {
  const t = useTranslations("messageTexts.edit");
  const [kind, number] = version.split(":") as ["standard" | "company", string];
  return t(kind, { number });
}

function BodyHint({ text: { key, variables, required } }: { text: MessageText }) {
  const t = useTranslations("messageTexts.edit");
  const written = (name: string) => `{${name}}`;
  const hint = t("bodyHint", { variables: variables.map(written).join(", "), required: written(required) });
  return key.channel === "email" ? `${hint} ${t("markdown")}` : hint;
}
