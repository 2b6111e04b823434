"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { CardBody, CardFooter } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

type MatchSearchProps = {
  request: Pick<RequestDetails, "id" | "identifiers">;
  action: FormAction<unknown>;
};

/** What a search leaves out, and why. */
function LeftOut({ identifiers }: Pick<RequestDetails, "identifiers">) {
  const t = useTranslations("subjectRequests");
  if (identifiers.length === 0) return null;
  return (
    <FormMessage tone="caution" className="sm:col-span-2">
      {t("finding.leftOut")}
      <ul className="mt-1">
        {identifiers.map(({ id, kind, value }) => (
          <li key={id}>
            {t(`identifierKinds.${kind}`)}: <span className="tabular-nums">{value ?? "••••"}</span>
          </li>
        ))}
      </ul>
    </FormMessage>
  );
}

/** Searches the recordings of a request by what it names, and by the agents that its subject was. */
export function MatchSearch({ request: { id, identifiers }, action }: MatchSearchProps) {
  const t = useTranslations("subjectRequests");
  const optional = useTranslations("common")("optional");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("finding.searched")));
  const numbers = identifiers.filter(({ kind }) => kind === "number");
  return (
    <form {...form}>
      <CardBody className="grid gap-4 sm:grid-cols-2">
        {message}
        <input type="hidden" name="requestId" value={id} />
        <LeftOut identifiers={identifiers.filter(({ isLeftOut }) => isLeftOut)} />
        {numbers.length > 0 ? (
          <fieldset className="min-w-0">
            <legend className="font-medium">{t("finding.changedHands")}</legend>
            <p className="text-sm text-ink-muted">{t("finding.changedHandsHint")}</p>
            {numbers.map((number) => (
              <Checkbox
                key={number.id}
                name="changedHandsIds[]"
                value={number.id}
                defaultChecked={number.changedHands}
                disabled={number.changedHands}
                label={<span className="tabular-nums">{number.value ?? "••••"}</span>}
              />
            ))}
          </fieldset>
        ) : null}
        <Field
          id="agents"
          label={t("finding.agents")}
          note={optional}
          hint={t("finding.agentsHint")}
          error={problem("agents")}
        >
          <Textarea name="agents" rows={2} maxLength={4000} autoComplete="off" />
        </Field>
      </CardBody>
      <CardFooter>
        <SubmitButton>{t("finding.search")}</SubmitButton>
      </CardFooter>
    </form>
  );
}
