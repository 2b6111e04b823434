"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { CollectAnswer } from "@/components/subject-requests/public-page/collect-answer";
import { CodeForm, SendCodeForm } from "@/components/subject-requests/public-page/code-forms";
import { MandateForm } from "@/components/subject-requests/public-page/mandate-form";
import { OwnRequestFacts } from "@/components/subject-requests/public-page/own-request-facts";
import { HiddenAccess, Step, type Access } from "@/components/subject-requests/public-page/own-request-step";
import { PublicText } from "@/components/subject-requests/public-page/public-fields";
import { PublicMessage } from "@/components/subject-requests/public-page/public-message";
import { usePublicForm, type PublicAction } from "@/components/subject-requests/public-page/use-public-form";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import type { Collection } from "@/lib/subject-requests/answer/collection";
import type { OwnRequest } from "@/lib/subject-requests/public-page/own-request";

type Opened = { request: OwnRequest; collection?: Collection | null };
type OwnAction = PublicAction<Opened>;
export type OwnRequestActions = { read: OwnAction; send: OwnAction; check: OwnAction };

/** Its forms lead here without JavaScript: a receipt is gone after the next form. */
const page = "/titular/acompanhamento";

/**
 * Follows a request, and proves a line of it: protocol and code, then the request with its addresses, then the code
 * that was sent. Each form has what it needs, so that every step also works without JavaScript.
 */
export function OwnRequestSteps({ access, actions }: { access?: Access; actions: OwnRequestActions }) {
  const forms = {
    read: usePublicForm(actions.read, page),
    send: usePublicForm(actions.send, page),
    check: usePublicForm(actions.check, page),
  };
  // Ids of states are ordered by time: the last one sent is what the page is about.
  const steps = Object.entries(forms) as [keyof OwnRequestActions, (typeof forms)["read"]][];
  const [step, last] = steps.reduce((newest, next) => (next[1].state.at > newest[1].state.at ? next : newest));
  const { outcome } = last.state;
  const known = steps
    .map(([, { state }]) => state)
    .filter(({ outcome: { status } }) => status === "done")
    .reduce<typeof last.state | null>((newest, next) => (next.at > (newest?.at ?? "") ? next : newest), null);
  const request = known?.outcome.status === "done" ? known.outcome.result.request : null;
  const collection = step === "check" && outcome.status === "done" ? (outcome.result.collection ?? null) : null;
  const sent = { protocol: last.sent("protocol"), followUpCode: last.sent("followUpCode") };
  const opened = sent.protocol && sent.followUpCode ? (sent as Access) : access;
  const target = last.sent("target");
  const isEntering = target !== undefined && ((step === "send" && outcome.status === "done") || step === "check");
  const isWrongAccess = outcome.status === "failed" && outcome.fields.some(({ path }) => path in { ...sent });
  if (!opened || isWrongAccess || (step === "read" && outcome.status === "failed"))
    return <AccessForm of={isWrongAccess ? { ...last, form: forms.read.form } : forms.read} />;
  if (isEntering && !(step === "check" && outcome.status === "done"))
    return (
      <div className="grid gap-4">
        <CodeForm access={opened} target={target} of={forms.check} shown={addressOf(request, target)} />
        <OpenForm access={opened} of={forms.read} isBack />
      </div>
    );
  if (!request) return <OpenForm access={opened} of={forms.read} failed={step === "send" ? forms.send : undefined} />;
  return (
    <div className="grid gap-4">
      {step === "check" ? <Announced canCollect={collection !== null} /> : null}
      <OwnRequestFacts request={request} />
      {collection ? (
        <CollectAnswer collection={collection} timeZone={request.timeZone} />
      ) : (
        <SendCodeForm access={opened} request={request} of={forms.send} />
      )}
      {request.mandates ? (
        <MandateForm access={opened} mandates={request.mandates} timeZone={request.timeZone} />
      ) : null}
    </div>
  );
}

const addressOf = (request: OwnRequest | null, target: string) =>
  request?.addresses.find((address) => address.target === target)?.shown;

type Form = ReturnType<typeof usePublicForm<Opened>>;

function AccessForm({ of: { form, state, ...of } }: { of: Form }) {
  const t = useTranslations("titular.follow");
  return (
    <Step id="follow" title={t("access")}>
      <form {...form} className="grid gap-4">
        <PublicText name="protocol" inputMode="numeric" autoComplete="off" maxLength={64} of={of} />
        <PublicText name="followUpCode" autoComplete="off" autoCapitalize="characters" maxLength={64} of={of} />
        <PublicMessage outcome={state.outcome} />
        <SubmitButton>{t("open")}</SubmitButton>
      </form>
    </Step>
  );
}

/** For whoever has just sent a request, or could not have a code sent: the way on, without typing. */
function OpenForm({ access, of, failed, isBack }: { access: Access; of: Form; failed?: Form; isBack?: boolean }) {
  const t = useTranslations("titular.follow");
  return (
    <Step id="prove" title={t(isBack ? "backTitle" : "proveTitle")}>
      <p>{t(isBack ? "back" : "prove")}</p>
      <form {...of.form} className="grid gap-4">
        <HiddenAccess access={access} />
        <PublicMessage outcome={(failed ?? of).state.outcome} />
        <SubmitButton>{t("go")}</SubmitButton>
      </form>
    </Step>
  );
}

function Announced({ canCollect }: { canCollect: boolean }) {
  const t = useTranslations("titular.follow");
  const message = useRef<HTMLDivElement>(null);
  useEffect(() => message.current?.focus(), []);
  return (
    <div ref={message} tabIndex={-1}>
      <FormMessage tone="positive">{t(canCollect ? "opened" : "proved")}</FormMessage>
    </div>
  );
}
