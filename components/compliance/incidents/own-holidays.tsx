"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { writtenDay } from "@/components/retention/due-href";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

export type OwnHolidaysProps = {
  holidays: readonly { day: string; name: string }[];
  /** Left out for readers who may not change them. */
  add?: FormAction<unknown>;
  remove?: FormAction<unknown>;
};

/** Days of state, city and company that are no business days. */
export function OwnHolidays({ holidays, add, remove }: OwnHolidaysProps) {
  const t = useTranslations("incidents.holidays");
  return (
    <Card aria-labelledby="holidays">
      <CardHeader id="holidays" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-4">
        {holidays.length === 0 ? <p className="text-ink-muted">{t("none")}</p> : null}
        <ul className="divide-y divide-line">
          {holidays.map(({ day, name }) => (
            <li key={day} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
              <span>
                {writtenDay(day)} · {name}
              </span>
              {remove ? <RemoveHoliday day={day} action={remove} /> : null}
            </li>
          ))}
        </ul>
        {add ? <AddHoliday action={add} /> : null}
      </CardBody>
    </Card>
  );
}

function RemoveHoliday({ day, action }: { day: string; action: FormAction<unknown> }) {
  const t = useTranslations("incidents.holidays");
  const notify = useNotify();
  const { form, message } = useActionForm(action, () => notify(t("removed")));
  return (
    <form {...form}>
      {message}
      <input type="hidden" name="day" value={day} />
      <SubmitButton variant="secondary" size="small" aria-label={`${t("remove")} ${writtenDay(day)}`}>
        {t("remove")}
      </SubmitButton>
    </form>
  );
}

function AddHoliday({ action }: { action: FormAction<unknown> }) {
  const t = useTranslations("incidents.holidays");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("added")));
  return (
    <form {...form} className="grid items-end gap-4 sm:grid-cols-[12rem_minmax(0,1fr)_auto]">
      <Field id="day" label={t("day")} error={problem("day")}>
        <Input name="day" type="date" required />
      </Field>
      <Field id="name" label={t("name")} error={problem("name")}>
        <Input name="name" required maxLength={100} autoComplete="off" />
      </Field>
      <SubmitButton variant="secondary">{t("add")}</SubmitButton>
      {message}
    </form>
  );
}
