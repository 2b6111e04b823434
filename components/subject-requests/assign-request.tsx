"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { Assignee } from "@/lib/subject-requests/list-assignees";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

export type AssignRequestProps = {
  request: Pick<RequestDetails, "id" | "assigneeId" | "assignee">;
  assignees: readonly Assignee[];
  action: FormAction<unknown>;
};

/** Gives a request to a DPO, or to nobody. */
export function AssignRequest(props: AssignRequestProps) {
  const t = useTranslations("subjectRequests.assign");
  return (
    <FormDialog trigger={<Button>{t("button")}</Button>} title={t("title")} description={t("description")}>
      {(close) => <AssignForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function AssignForm({ request, assignees, action, onDone }: AssignRequestProps & { onDone: () => void }) {
  const t = useTranslations("subjectRequests");
  const save = useTranslations("common.actions")("save");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("assign.done"));
    onDone();
  });
  const { id, assigneeId, assignee } = request;
  // Somebody who left the company stays in the list until another one is chosen.
  const isListed = assigneeId === null || assignees.some((one) => one.id === assigneeId);
  const choices = isListed ? assignees : [{ id: assigneeId, name: assignee ?? "" }, ...assignees];
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="requestId" value={id} />
      <input type="hidden" name="assigneeIdBefore" value={assigneeId ?? ""} />
      <Field id="assigneeId" label={t("columns.assignee")} error={problem("assigneeId")}>
        <Select name="assigneeId" defaultValue={assigneeId ?? ""}>
          <option value="">{t("assign.nobody")}</option>
          {choices.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Select>
      </Field>
      <SubmitButton className="justify-self-end">{save}</SubmitButton>
    </form>
  );
}
