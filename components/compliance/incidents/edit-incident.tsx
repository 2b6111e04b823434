"use client";

import { useTranslations } from "next-intl";
import { IncidentFields, type IncidentFacts } from "@/components/compliance/incidents/incident-fields";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { IncidentChoices } from "@/lib/compliance/incidents/read-incident-choices";

export type EditIncidentProps = {
  incident: { id: string; version: number };
  facts: IncidentFacts;
  choices: IncidentChoices;
  action: FormAction<unknown>;
};

/** Opens the form that changes an incident's record. */
export function EditIncident(props: EditIncidentProps) {
  const t = useTranslations("incidents");
  return (
    <FormDialog trigger={<Button>{t("edit")}</Button>} title={t("edit")} description={t("form.knownAtHint")}>
      {(close) => <EditForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function EditForm({ incident, facts, choices, action, onDone }: EditIncidentProps & { onDone: () => void }) {
  const t = useTranslations("incidents.form");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("saved"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="incidentId" value={incident.id} />
      <input type="hidden" name="version" value={incident.version} />
      <IncidentFields facts={facts} choices={choices} problem={problem} />
      <SubmitButton className="justify-self-end">{t("save")}</SubmitButton>
    </form>
  );
}
