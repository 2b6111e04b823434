"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { TimeText } from "@/components/ui/time-text";
import { useNotify } from "@/components/ui/toast";
import type { RequestDetails } from "@/lib/subject-requests/read-request";
import type { SharerTask } from "@/lib/subject-requests/sharers/list-sharer-tasks";

type RequestSharersProps = {
  request: Pick<RequestDetails, "id" | "mayWork" | "emptiedAt">;
  tasks: readonly SharerTask[];
  newTaskId: string;
  add: FormAction<unknown>;
  close: FormAction<unknown>;
};

const measures = ["deletion", "blocking", "correction", "anonymisation"] as const;

/** Who received recordings of the request and must be told what was done with them, and a form to name others. */
export function RequestSharers({ request, tasks, newTaskId, add, close }: RequestSharersProps) {
  const t = useTranslations("subjectRequests.sharers");
  const mayWork = request.mayWork && !request.emptiedAt;
  return (
    <CardBody className="grid gap-4">
      {tasks.length === 0 ? <p className="text-ink-muted">{t("none")}</p> : null}
      <ul className="grid gap-3">
        {tasks.map((task) => (
          <li key={task.id} className="grid gap-1">
            <TaskFacts task={task} />
            {mayWork && task.closedAt === null ? <CloseTask requestId={request.id} task={task} action={close} /> : null}
          </li>
        ))}
      </ul>
      {mayWork ? <AddSharer key={newTaskId} requestId={request.id} taskId={newTaskId} action={add} /> : null}
    </CardBody>
  );
}

function TaskFacts({ task }: { task: SharerTask }) {
  const t = useTranslations("subjectRequests.sharers");
  const { recipient, measure, recordings, isUser, notifiedAt, acknowledgedAt, closedAt, reason } = task;
  return (
    <>
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        {recipient ?? t("recipientForDpo")}
        <Badge tone={closedAt ? "positive" : "caution"}>{t(closedAt ? "closed" : "open")}</Badge>
      </h3>
      <p className="text-sm text-ink-muted">
        {t(`measures.${measure}`)} · {t("recordings", { count: recordings })}
        {isUser ? ` · ${t("downloaded")}` : null}
        {notifiedAt ? (
          <>
            {" · "}
            {t.rich("notifiedAt", { time: () => <TimeText value={notifiedAt} /> })}
          </>
        ) : null}
        {acknowledgedAt ? (
          <>
            {" · "}
            {t.rich("acknowledgedAt", { time: () => <TimeText value={acknowledgedAt} /> })}
          </>
        ) : null}
      </p>
      {reason ? <p className="text-sm whitespace-pre-line">{reason}</p> : null}
    </>
  );
}

type CloseTaskProps = { requestId: string; task: SharerTask; action: FormAction<unknown> };

function CloseTask({ requestId, task: { id }, action }: CloseTaskProps) {
  const t = useTranslations("subjectRequests.sharers");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("recorded")));
  const reasonId = `reason-${id}`;
  return (
    <form {...form} className="grid gap-2">
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="taskId" value={id} />
      {message}
      <Field id={reasonId} label={t("reason")} error={problem("reason")}>
        <Input name="reason" maxLength={2000} autoComplete="off" />
      </Field>
      <div className="flex flex-wrap gap-2">
        {(["acknowledged", "notified", "impossible"] as const).map((end) => (
          <Button key={end} type="submit" name="end" value={end}>
            {t(`ends.${end}`)}
          </Button>
        ))}
      </div>
    </form>
  );
}

type AddSharerProps = { requestId: string; taskId: string; action: FormAction<unknown> };

function AddSharer({ requestId, taskId, action }: AddSharerProps) {
  const t = useTranslations("subjectRequests.sharers");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("added")));
  return (
    <form {...form} className="grid gap-3 sm:grid-cols-[2fr_1fr_auto] sm:items-end">
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="taskId" value={taskId} />
      <div className="sm:col-span-3">{message}</div>
      <Field id="recipient" label={t("recipient")} error={problem("recipient")}>
        <Input name="recipient" required maxLength={300} autoComplete="off" />
      </Field>
      <Field id="sharer-measure" label={t("measure")} error={problem("measure")}>
        <Select name="measure">
          {measures.map((measure) => (
            <option key={measure} value={measure}>
              {t(`measures.${measure}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit">{t("add")}</Button>
    </form>
  );
}
