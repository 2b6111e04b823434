"use client";

import { useLocale, useTranslations } from "next-intl";
import { useProblems } from "@/components/forms/use-action-form";
import { HiddenAccess, Step, type Access } from "@/components/subject-requests/public-page/own-request-step";
import { PublicMessage } from "@/components/subject-requests/public-page/public-message";
import { mandateAddress, useMandateUpload } from "@/components/subject-requests/public-page/use-mandate-upload";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes } from "@/lib/i18n/format";
import type { OwnMandates } from "@/lib/subject-requests/mandates/own-mandates";

type MandateFormProps = { access: Access; mandates: OwnMandates; timeZone: string };

/** The documents of who asks for another person, and a form that attaches one, also without JavaScript. */
export function MandateForm({ access, mandates: shown, timeZone }: MandateFormProps) {
  const t = useTranslations("titular.mandate");
  const { state, mandates, percent, submit } = useMandateUpload(shown);
  const problem = useProblems(state)("mandate");
  const { attached, left } = mandates;
  const isSending = percent !== null;
  return (
    <Step id="mandates" title={t("title")}>
      <p>{t("why")}</p>
      <Attached attached={attached} timeZone={timeZone} />
      {state.status === "done" ? <FormMessage tone="positive">{t("results.attached")}</FormMessage> : null}
      {left > 0 ? (
        <form action={mandateAddress} method="post" encType="multipart/form-data" onSubmit={submit} noValidate>
          <div className="grid gap-4">
            <HiddenAccess access={access} />
            <Field id="mandate" label={t("file")} hint={t("hint")} error={problem}>
              <input
                type="file"
                name="mandate"
                accept="application/pdf,image/jpeg,.pdf,.jpg,.jpeg"
                className="field-control w-full min-w-0 p-2 text-base"
              />
            </Field>
            <PublicMessage outcome={problem ? { status: "idle" } : state} />
            {isSending ? <Progress percent={percent} /> : null}
            <div>
              <Button type="submit" aria-disabled={isSending || undefined}>
                {t("attach")}
              </Button>
            </div>
          </div>
        </form>
      ) : (
        <p>{t("full")}</p>
      )}
    </Step>
  );
}

function Attached({ attached, timeZone }: { attached: OwnMandates["attached"]; timeZone: string }) {
  const t = useTranslations("titular.mandate");
  const locale = useLocale();
  if (attached.length === 0) return null;
  return (
    <ul className="list-disc pl-5">
      {attached.map(({ id, mediaType, sizeBytes, createdAt }) => (
        <li key={id}>
          {t.rich("attached", {
            type: mediaType === "image/jpeg" ? "JPEG" : "PDF",
            size: formatBytes(sizeBytes, locale),
            time: () => <TimeText value={createdAt} timeZone={timeZone} />,
          })}
        </li>
      ))}
    </ul>
  );
}

function Progress({ percent }: { percent: number }) {
  const t = useTranslations("titular.mandate");
  return (
    <div className="grid gap-1">
      <progress className="w-full accent-accent-solid" max={100} value={percent} aria-label={t("sending")} />
      <p role="status">{percent < 100 ? t("sent", { percent }) : t("keeping")}</p>
    </div>
  );
}
