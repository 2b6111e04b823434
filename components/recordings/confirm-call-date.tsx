"use client";

import { useTranslations } from "next-intl";
import { HiddenFields } from "@/components/forms/hidden-fields";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { useDraft, type Draft } from "@/components/forms/use-draft";
import { KeptUntil } from "@/components/recordings/kept-until";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { TimeText } from "@/components/ui/time-text";
import { useNotify } from "@/components/ui/toast";
import { useStepHeading } from "@/components/ui/use-step-heading";
import type { CallDatePreview } from "@/lib/retention/preview-call-date";

export type ConfirmCallDateProps = {
  recordingId: string;
  /** The recorded start as the clocks of the unit showed it, for the field. */
  recordedStart: string;
  timeZone: string;
  reason: "past_retention" | "future" | "sender";
  /** Null for a reader who may not decide. */
  actions: { preview: FormAction<CallDatePreview>; confirm: FormAction<{ recordings: number }> } | null;
};

/** Says why the start of a call is doubtful. Who may decide confirms or corrects it, after seeing what follows. */
export function ConfirmCallDate({ actions, reason, ...recording }: ConfirmCallDateProps) {
  const t = useTranslations("recordings.doubtfulDate");
  return (
    <Card aria-labelledby="doubtful-date">
      <CardHeader id="doubtful-date" title={t("title")} description={t(`reasons.${reason}`)} />
      <CardBody className="grid gap-3">
        <p>{t(actions ? "kept" : "waits")}</p>
      </CardBody>
      {actions ? <Decision {...recording} {...actions} /> : null}
    </Card>
  );
}

type DecisionProps = Omit<ConfirmCallDateProps, "actions" | "reason"> & NonNullable<ConfirmCallDateProps["actions"]>;

function Decision({ recordingId, recordedStart, timeZone, preview, confirm }: DecisionProps) {
  const t = useTranslations("recordings.doubtfulDate");
  const { draft, previewAndKeep, discard } = useDraft(preview);
  const { form, problem, message } = useActionForm(previewAndKeep);
  return (
    <>
      <form {...form} hidden={draft !== undefined}>
        <CardBody className="grid gap-3 pt-0">
          {message}
          <input type="hidden" name="recordingId" value={recordingId} />
          <Field
            id="call-start"
            label={t("startedAt")}
            hint={t("startedAtHint")}
            error={problem("startedAt")}
            className="max-w-xs"
          >
            <Input name="startedAt" type="datetime-local" step={1} defaultValue={recordedStart} required />
          </Field>
        </CardBody>
        <CardFooter>
          <SubmitButton>{t("preview")}</SubmitButton>
        </CardFooter>
      </form>
      {draft ? <Consequence draft={draft} timeZone={timeZone} confirm={confirm} onBack={discard} /> : null}
    </>
  );
}

type ConsequenceProps = {
  draft: Draft<CallDatePreview>;
  timeZone: string;
  confirm: FormAction<{ recordings: number }>;
  onBack: () => void;
};

function Consequence({ draft: { effect, fields }, timeZone, confirm, onBack }: ConsequenceProps) {
  const t = useTranslations("recordings.doubtfulDate");
  const [heading, notify] = [useStepHeading(), useNotify()];
  const { form, message } = useActionForm(confirm, () => notify(t("done")));
  const { isCorrection, startedAt, recordings, retainUntil, policy, dueAtOnce, held, minimumKept } = effect;
  const shown = [
    ["shownRecordings", String(recordings)],
    ["shownRetainUntil", retainUntil.toISOString()],
  ] as const;
  return (
    <form {...form}>
      <HiddenFields fields={[...fields, ...shown]} />
      <CardBody className="grid gap-3 pt-0">
        <h3 ref={heading} tabIndex={-1} className="font-semibold outline-none">
          {t.rich(isCorrection ? "corrects" : "confirms", {
            start: () => <TimeText value={startedAt} timeZone={timeZone} as="seconds" />,
          })}
        </h3>
        {message}
        <ul className="grid gap-1 border-l-2 border-caution pl-3">
          {dueAtOnce > 0 ? <li className="font-medium">{t("dueAtOnce", { count: dueAtOnce })}</li> : null}
          {held > 0 ? <li>{t("held", { count: held })}</li> : null}
          <li>
            {t.rich(dueAtOnce + held > 0 ? "ended" : "keptUntil", {
              policy,
              day: () => <KeptUntil {...{ retainUntil }} />,
            })}
          </li>
          {minimumKept ? <li>{t("minimumKept")}</li> : null}
          {recordings > 1 ? <li>{t("ofCall", { count: recordings })}</li> : null}
        </ul>
      </CardBody>
      <CardFooter>
        <Button onClick={onBack}>{t("back")}</Button>
        <SubmitButton variant={dueAtOnce > 0 ? "danger" : undefined}>
          {t(isCorrection ? "correct" : "confirm")}
        </SubmitButton>
      </CardFooter>
    </form>
  );
}
