"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import type { ActionState } from "@/lib/http/run-action";

type NumberSearchProps = { action: (previous: ActionState<string>, form: FormData) => Promise<ActionState<string>> };

/** Finds the calls of one telephone number. The form posts it, so that no URL contains it. */
export function NumberSearch({ action }: NumberSearchProps) {
  const t = useTranslations("recordings.numberSearch");
  const [state, send] = useActionState(action, { status: "idle" });
  return (
    <form action={send} role="search" aria-label={t("label")} className="grid w-full gap-1 sm:w-auto">
      <div className="flex gap-1">
        <Input
          name="number"
          type="tel"
          inputMode="tel"
          autoComplete="off"
          required
          maxLength={64}
          aria-label={t("label")}
          aria-describedby={state.status === "failed" ? "number-search-error" : undefined}
          aria-invalid={state.status === "failed" || undefined}
          placeholder={t("placeholder")}
          className="min-w-0 flex-1 sm:w-56 sm:flex-none"
        />
        <IconButton type="submit" label={t("submit")} variant="secondary">
          <Search aria-hidden />
        </IconButton>
      </div>
      {state.status === "failed" ? (
        <p id="number-search-error" role="alert" className="text-sm font-medium text-danger">
          {t("notANumber")}
        </p>
      ) : null}
    </form>
  );
}
