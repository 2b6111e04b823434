"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { TimeText } from "@/components/ui/time-text";
import { useNotify } from "@/components/ui/toast";
import type { DocumentDetail } from "@/lib/compliance/documents/read-document";

type Text = DocumentDetail["texts"][number];

export type DocumentTextsProps = {
  document: DocumentDetail;
  /** Left out for readers, and for earlier versions. */
  action?: FormAction<unknown> | undefined;
};

/** What only people know, each text with who wrote it and when. Saving makes a new version. */
export function DocumentTexts({ document, action }: DocumentTextsProps) {
  const t = useTranslations("compliance.documents");
  const titleOf = useFieldTitle();
  if (action) return <EditTexts document={document} action={action} />;
  return (
    <Card aria-labelledby="texts">
      <CardHeader id="texts" title={t("texts")} />
      <CardBody className="grid gap-4">
        {document.texts.map((text) => (
          <section key={text.key}>
            <h3 className="font-medium">{titleOf(text.key)}</h3>
            <p className="break-words whitespace-pre-line">{text.text || t("notWritten")}</p>
            <Author text={text} />
          </section>
        ))}
      </CardBody>
    </Card>
  );
}

function EditTexts({
  document: { kind, latest, texts },
  action,
}: {
  document: DocumentDetail;
  action: FormAction<unknown>;
}) {
  const t = useTranslations("compliance.documents");
  const titleOf = useFieldTitle();
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("saved")));
  return (
    <Card aria-labelledby="texts">
      <CardHeader id="texts" title={t("texts")} description={t("textsHint")} />
      <form {...form}>
        <CardBody className="grid gap-4">
          {message}
          <input type="hidden" name="kind" value={kind} />
          <input type="hidden" name="version" value={latest} />
          {texts.map((text) => (
            <div key={text.key} className="grid gap-1">
              <Field id={`text-${text.key}`} label={titleOf(text.key)} error={problem(text.key)}>
                <Textarea name={`text.${text.key}`} rows={3} maxLength={10_000} defaultValue={text.text} />
              </Field>
              <Author text={text} />
            </div>
          ))}
        </CardBody>
        <CardFooter>
          <SubmitButton>{t("save")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}

function Author({ text: { by, at } }: { text: Text }) {
  const t = useTranslations("compliance.documents");
  if (at === null) return null;
  return (
    <p className="text-sm text-ink-muted">
      {t.rich("writtenBy", { name: by ?? "–", time: () => <TimeText value={at} /> })}
    </p>
  );
}

/** "transfer:<place>" is the mechanism of a place. */
function useFieldTitle(): (key: string) => string {
  const t = useTranslations("compliance.documents.fields");
  return (key) => {
    const [field = "", place = ""] = key.split(":");
    return t.has(field as never) ? t(field as never, { place } as never) : key;
  };
}
