"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { writtenDay } from "@/components/retention/due-href";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { TimeText } from "@/components/ui/time-text";
import { useNotify } from "@/components/ui/toast";
import type { IncidentChoices } from "@/lib/compliance/incidents/read-incident-choices";
import type { IncidentDetail } from "@/lib/compliance/incidents/read-incident";

type Notice = IncidentDetail["notices"][number];

export type IncidentNoticesProps = {
  incident: Pick<IncidentDetail, "id" | "timeZone" | "notices">;
  /** Left out once nothing may be recorded. */
  record?: { noticeId: string; kinds: IncidentChoices["noticeKinds"]; action: FormAction<unknown> };
};

/** What was notified, to whom, when and in which words. */
export function IncidentNotices({ incident, record }: IncidentNoticesProps) {
  const t = useTranslations("incidents.notices");
  const { notices, timeZone } = incident;
  return (
    <Card aria-labelledby="notices">
      <CardHeader
        id="notices"
        title={t("title")}
        description={t("description")}
        actions={record ? <RecordNotice incidentId={incident.id} {...record} /> : null}
      />
      {notices.length === 0 ? <CardBody>{t("none")}</CardBody> : null}
      <ul className="divide-y divide-line">
        {notices.map((notice) => (
          <li key={notice.id} className="grid gap-1 px-4 py-2">
            <NoticeFacts notice={notice} timeZone={timeZone} />
            <details>
              <summary className="w-fit cursor-pointer text-sm text-accent">{t("text")}</summary>
              <p className="mt-1 rounded bg-sunken p-3 break-words whitespace-pre-wrap">{notice.text}</p>
            </details>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NoticeFacts({ notice, timeZone }: { notice: Notice; timeZone: string }) {
  const t = useTranslations("incidents.notices");
  const { kind, sentAt, reference, subjectsTold, shownUntil, recordedBy } = notice;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      <span className="font-medium">{t(`kinds.${kind}`)}</span>
      <TimeText value={sentAt} timeZone={timeZone} />
      {reference === "" ? null : <span className="break-all">{reference}</span>}
      {subjectsTold === null ? null : <span>{`${t("subjectsTold")}: ${subjectsTold}`}</span>}
      {shownUntil === null ? null : <span>{`${t("shownUntil")} ${writtenDay(shownUntil)}`}</span>}
      <span className="text-sm text-ink-muted">{`${t("recordedBy")} ${recordedBy}`}</span>
    </p>
  );
}

type RecordNoticeProps = NonNullable<IncidentNoticesProps["record"]> & { incidentId: string };

function RecordNotice(props: RecordNoticeProps) {
  const t = useTranslations("incidents.notices");
  return (
    <FormDialog
      trigger={<Button size="small">{t("record")}</Button>}
      title={t("record")}
      description={t("description")}
    >
      {(close) => <NoticeForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function NoticeForm({ incidentId, noticeId, kinds, action, onDone }: RecordNoticeProps & { onDone: () => void }) {
  const t = useTranslations("incidents.notices");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("recorded"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="incidentId" value={incidentId} />
      <input type="hidden" name="noticeId" value={noticeId} />
      <Field id="kind" label={t("kind")} error={problem("kind")}>
        <Select name="kind">
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kinds.${kind}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="sentAt" label={t("sentAt")} error={problem("sentAt")}>
        <Input name="sentAt" type="datetime-local" required />
      </Field>
      <Field id="reference" label={t("reference")} error={problem("reference")}>
        <Input name="reference" maxLength={500} autoComplete="off" />
      </Field>
      <Field id="subjectsTold" label={t("subjectsTold")} error={problem("subjectsTold")}>
        <Input name="subjectsTold" inputMode="numeric" className="max-w-40" />
      </Field>
      <Field id="shownUntil" label={t("shownUntil")} hint={t("shownUntilHint")} error={problem("shownUntil")}>
        <Input name="shownUntil" type="date" />
      </Field>
      <Field id="text" label={t("text")} hint={t("textHint")} error={problem("text")}>
        <Textarea name="text" required maxLength={20_000} rows={10} />
      </Field>
      <SubmitButton className="justify-self-end">{t("record")}</SubmitButton>
    </form>
  );
}
