import { useTranslations } from "next-intl";
import { HiddenFields, type HiddenField } from "@/components/forms/hidden-fields";
import type { useActionForm } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";

type SelectByIdProps = Pick<ReturnType<typeof useActionForm>, "form" | "problem" | "message"> & {
  fields: readonly HiddenField[];
};

/** Selects recordings by pasted ids. */
export function SelectById({ form, problem, message, fields }: SelectByIdProps) {
  const t = useTranslations("holds.select");
  return (
    <Card aria-labelledby="by-id">
      <CardHeader id="by-id" title={t("byId")} />
      <form {...form}>
        <HiddenFields fields={fields} />
        <CardBody className="grid gap-4">
          {message}
          <Field
            id="ids"
            label={t("ids")}
            hint={t("idsHint")}
            error={problem("selection.recordingIds") ?? problem("selection")}
          >
            <Textarea name="ids" rows={2} required spellCheck={false} className="font-mono text-sm" />
          </Field>
        </CardBody>
        <CardFooter>
          <SubmitButton>{t("preview")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
