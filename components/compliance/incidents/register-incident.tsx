"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { IncidentFields } from "@/components/compliance/incidents/incident-fields";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { IncidentChoices } from "@/lib/compliance/incidents/read-incident-choices";

export type RegisterIncidentProps = {
  incidentId: string;
  /** The alert that it is registered of. */
  alertId?: string;
  choices: IncidentChoices;
  action: FormAction<{ incidentId: string }>;
};

/** Registers an incident and opens its record. */
export function RegisterIncident({ incidentId, alertId, choices, action }: RegisterIncidentProps) {
  const t = useTranslations("incidents");
  const [router, notify] = [useRouter(), useNotify()];
  const { state, form, problem, message } = useActionForm(action, (registered) => {
    notify(t("form.registered"));
    // Back leads to the list: this form has registered its incident.
    router.replace(`/compliance/incidents/${registered.incidentId}` as Route);
  });
  return (
    <form {...form} className="grid max-w-3xl gap-4">
      {message}
      <input type="hidden" name="incidentId" value={incidentId} />
      <input type="hidden" name="alertId" value={alertId ?? ""} />
      <IncidentFields choices={choices} problem={problem} />
      {/* Disabled after success: the next page is loading. */}
      <SubmitButton className="justify-self-end" disabled={state.status === "done"}>
        {t("register")}
      </SubmitButton>
    </form>
  );
}
