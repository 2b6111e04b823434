"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import type { RecentVerification } from "@/lib/audit/verify-recent-events";

const eventsVerified = 10_000;
const tones = { whole: "positive", broken: "danger", unchecked: "caution", nothing_to_verify: "caution" } as const;

/** Verifies the newest events and shows the result. */
export function VerifyRecent({ action }: { action: FormAction<RecentVerification> }) {
  const t = useTranslations("audit.integrity");
  const { state, form, message } = useActionForm(action);
  return (
    <form {...form} className="grid gap-2">
      <input type="hidden" name="events" value={eventsVerified} />
      <div>
        <SubmitButton variant="secondary">{t("verify", { count: eventsVerified })}</SubmitButton>
      </div>
      {message}
      {state.status === "done" ? <Result {...state.result} /> : null}
    </form>
  );
}

function Result({ verdict, events, seals, durationMs, findings, findingCount }: RecentVerification) {
  const t = useTranslations("audit.integrity");
  const found = useTranslations("audit.findings");
  const seal = useTranslations("audit.seal");
  const seconds = Math.round(durationMs / 100) / 10;
  return (
    <FormMessage tone={tones[verdict]}>
      {t(verdict, { events, seals, seconds, findings: findingCount })}
      {verdict === "whole" && findingCount > 0 ? ` ${t("warnings", { count: findingCount })}` : null}
      {findings.length > 0 ? (
        <ul className="mt-1 list-disc pl-5">
          {findings.map((finding, index) => (
            <li key={index}>
              {found(finding.code)}
              {finding.seal === undefined ? null : ` · ${seal("sealed", { sequence: finding.seal })}`}
              {[finding.eventId, finding.act?.id].map((id) =>
                id === undefined ? null : (
                  <span key={id} className="font-mono text-sm break-all">
                    {" "}
                    · {id}
                  </span>
                ),
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </FormMessage>
  );
}
