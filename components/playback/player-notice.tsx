"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { FormMessage } from "@/components/ui/form-message";

/** Explains why playback or a download stopped, and may offer a retry. */
export function PlayerNotice({ code, onRetry }: { code: string | null; onRetry?: () => void }) {
  const t = useTranslations("player.actions");
  const message = useFailureMessage();
  return (
    <FormMessage>
      {code ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="min-w-0">{message(code)}</p>
          {onRetry ? (
            <Button size="small" onClick={onRetry}>
              {t("retry")}
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
