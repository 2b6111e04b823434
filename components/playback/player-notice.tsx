"use client";

import { useTranslations } from "next-intl";
import { SignInLink } from "@/components/access/sign-in/sign-in-link";
import { Button } from "@/components/ui/button";
import { FormMessage } from "@/components/ui/form-message";

type PlayerNoticeProps = {
  code: string | null;
  /** The side of the call that failed, if the other one did not. */
  side?: "agent" | "customer" | null;
  onRetry?: () => void;
  /** The address that goes on here after a sign-in, when the session has ended. */
  signInAt?: () => string;
  /** The call's next part that can be played. */
  next?: { number: number; goOn: () => void } | null;
};

/** Explains why playback or a download stopped, and may offer a retry or the next part of the call. */
export function PlayerNotice({ code, side, onRetry, signInAt, next }: PlayerNoticeProps) {
  const t = useTranslations("player.actions");
  const lanes = useTranslations("player.lanes");
  const message = useFailureMessage();
  return (
    <FormMessage>
      {code ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="min-w-0">
            {side ? `${lanes(side)}: ` : null}
            {message(code)}
          </p>
          {code === "unauthenticated" && signInAt ? <SignInLink at={signInAt} /> : null}
          {onRetry ? (
            <Button size="small" onClick={onRetry}>
              {t("retry")}
            </Button>
          ) : null}
          {next ? (
            <Button size="small" onClick={next.goOn}>
              {t("goOn", { number: next.number })}
            </Button>
          ) : null}
        </div>
      ) : null}
    </FormMessage>
  );
}

function useFailureMessage(): (code: string) => string {
  const own = useTranslations("player.failures");
  const errors = useTranslations("errors");
  return (code) => {
    if (own.has(code as never)) return own(code as never);
    return errors.has(code as never) ? errors(code as never) : own("unknown");
  };
}
