"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { HiddenAccess, Step, type Access } from "@/components/subject-requests/public-page/own-request-step";
import { PublicText } from "@/components/subject-requests/public-page/public-fields";
import { PublicMessage } from "@/components/subject-requests/public-page/public-message";
import type { usePublicForm } from "@/components/subject-requests/public-page/use-public-form";
import { SubmitButton } from "@/components/ui/submit-button";
import type { OwnRequest } from "@/lib/subject-requests/public-page/own-request";

type Form = ReturnType<typeof usePublicForm<{ request: OwnRequest }>>;

/** One button for each way in which a code can reach each line or address. */
export function SendCodeForm({ access, request, of }: { access: Access; request: OwnRequest; of: Form }) {
  const t = useTranslations("titular.codes");
  // What was answered needs a fresh code, also by a line that was proved before.
  const isToCollect = request.answers.length > 0;
  const open = request.addresses.filter(({ isProved }) => isToCollect || !isProved);
  if (request.addresses.length === 0) return <p>{t("none")}</p>;
  if (open.length === 0) return null;
  return (
    <Step id="codes" title={t(isToCollect ? "collectTitle" : "title")}>
      <p>{t(isToCollect ? "collectWhy" : "why")}</p>
      <PublicMessage outcome={of.state.outcome} />
      {of.problem("target") ? <p className="text-sm font-medium text-danger">{of.problem("target")}</p> : null}
      <ul className="grid gap-3">
        {open.map(({ target, shown, channels }) => (
          <li key={target} className="grid gap-2">
            <span>{shown}</span>
            <div className="flex flex-wrap gap-2">
              {channels.map((channel) => (
                <form key={channel} {...of.form}>
                  <HiddenAccess access={access} />
                  <input type="hidden" name="target" value={target} readOnly />
                  <input type="hidden" name="channel" value={channel} readOnly />
                  <SubmitButton variant="secondary" aria-label={t(`to.${channel}`, { address: shown })}>
                    {t(`by.${channel}`)}
                  </SubmitButton>
                </form>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Step>
  );
}

type CodeFormProps = { access: Access; target: string; of: Form; shown?: string };

/** Takes the code that was sent. */
export function CodeForm({ access, target, of: { form, state, ...of }, shown }: CodeFormProps) {
  const t = useTranslations("titular.codes");
  const message = useRef<HTMLParagraphElement>(null);
  // The button that had the focus is gone.
  useEffect(() => message.current?.focus(), []);
  return (
    <Step id="code" title={t("enterTitle")}>
      <p ref={message} tabIndex={-1}>
        {shown ? t("sentTo", { address: shown }) : t("sent")}
      </p>
      <form {...form} className="grid gap-4">
        <HiddenAccess access={access} />
        <input type="hidden" name="target" value={target} readOnly />
        <PublicText name="oneTimeCode" inputMode="numeric" autoComplete="one-time-code" maxLength={32} of={of} />
        <PublicMessage outcome={state.outcome} />
        <SubmitButton>{t("check")}</SubmitButton>
      </form>
    </Step>
  );
}
