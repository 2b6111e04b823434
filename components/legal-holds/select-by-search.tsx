import { useTranslations } from "next-intl";
import { HiddenFields, type HiddenField } from "@/components/forms/hidden-fields";
import type { RecordingFacets } from "@/components/recordings/use-recording-options";
import { useRecordingOptions } from "@/components/recordings/use-recording-options";
import type { useActionForm } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { ChoiceField, type Option } from "@/components/ui/choice-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";

type SelectBySearchProps = Pick<ReturnType<typeof useActionForm>, "form" | "problem" | "message"> & {
  fields: readonly HiddenField[];
  facets: RecordingFacets;
};

/** Selects recordings by the filters of the recordings list. */
export function SelectBySearch({ form, problem, message, fields, facets }: SelectBySearchProps) {
  const t = useTranslations();
  const options = useRecordingOptions(facets);
  const choice = (name: string, label: string, values: readonly Option[]) => (
    <ChoiceField id={`select-${name}`} name={name} label={label} any={t("recordings.filters.any")} options={values} />
  );
  return (
    <Card aria-labelledby="by-search">
      <CardHeader
        id="by-search"
        title={t("holds.select.bySearch")}
        description={t("holds.select.bySearchDescription")}
      />
      <form {...form}>
        <HiddenFields fields={fields} />
        <CardBody className="grid gap-4">
          {message}
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            <Field
              id="select-from"
              label={t("recordings.filters.from")}
              error={problem("selection.filters") ?? problem("selection")}
            >
              <Input name="from" type="date" />
            </Field>
            <Field id="select-to" label={t("recordings.filters.to")}>
              <Input name="to" type="date" />
            </Field>
            {choice("unitId", t("recordings.filters.unit"), options.unitId)}
            {choice("queueId", t("recordings.filters.queue"), options.queueId)}
            {choice("agentId", t("recordings.filters.agent"), options.agentId)}
            {choice("direction", t("recordings.filters.direction"), options.direction)}
            <Field id="select-callKind" label={t("recordings.filters.callKind")}>
              <Input name="callKind" maxLength={64} autoComplete="off" />
            </Field>
          </div>
        </CardBody>
        <CardFooter>
          <SubmitButton>{t("holds.select.preview")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
