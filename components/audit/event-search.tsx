"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import type { ActionState } from "@/lib/http/run-action";

type EventSearchProps = { action: (previous: ActionState<unknown>, form: FormData) => Promise<ActionState<unknown>> };

/** Finds events by protocol, IP address, recording or request. The form posts what is typed: no URL contains it. */
export function EventSearch({ action }: EventSearchProps) {
  const t = useTranslations("audit.search");
  const [state, send] = useActionState(action, { status: "idle" });
  const failed = state.status === "failed";
  return (
    <form action={send} role="search" aria-label={t("label")} className="grid w-full gap-1 sm:w-auto">
      <div className="flex gap-1">
        <Input
          name="text"
          autoComplete="off"
          required
          maxLength={300}
          aria-label={t("label")}
          aria-describedby={failed ? "event-search-error" : undefined}
          aria-invalid={failed || undefined}
          placeholder={t("placeholder")}
          className="min-w-0 flex-1 sm:w-72 sm:flex-none"
        />
        <IconButton type="submit" label={t("submit")} variant="secondary">
          <Search aria-hidden />
        </IconButton>
      </div>
      {failed ? (
        <p id="event-search-error" role="alert" className="text-sm font-medium text-danger">
          {t("notFound")}
        </p>
      ) : null}
    </form>
  );
}
