"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ErrorText } from "@/components/ui/error-text";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ActionState } from "@/lib/http/run-action";

type CallSearchProps = {
  action: (previous: ActionState<unknown>, form: FormData) => Promise<ActionState<unknown>>;
  /** True if the user may search by CPF or CNPJ. */
  mayFindTaxId: boolean;
};

/** Finds calls by number, protocol or another reference. The form posts what is typed, so that no URL contains it. */
export function CallSearch({ action, mayFindTaxId }: CallSearchProps) {
  const t = useTranslations("recordings.callSearch");
  const [state, send] = useActionState(action, { status: "idle" });
  const kinds = [
    "number",
    "protocol",
    "customerReference",
    ...(mayFindTaxId ? (["taxId"] as const) : []),
    "agentName",
  ] as const;
  return (
    <form action={send} role="search" aria-label={t("label")} className="grid w-full gap-1 sm:w-auto">
      <div className="flex gap-1">
        <Select name="by" aria-label={t("by")} defaultValue="" className="w-28 flex-none sm:w-36">
          <option value="">{t("any")}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kinds.${kind}`)}
            </option>
          ))}
        </Select>
        <Input
          name="text"
          autoComplete="off"
          required
          maxLength={64}
          aria-label={t("label")}
          aria-describedby={state.status === "failed" ? "call-search-error" : undefined}
          aria-invalid={state.status === "failed" || undefined}
          placeholder={t("placeholder")}
          className="min-w-0 flex-1 sm:w-56 sm:flex-none"
        />
        <IconButton type="submit" label={t("submit")} variant="secondary">
          <Search aria-hidden />
        </IconButton>
      </div>
      {state.status === "failed" ? (
        <p id="call-search-error" role="alert" className="text-sm font-medium text-danger">
          <SearchError state={state} />
        </p>
      ) : null}
    </form>
  );
}

function SearchError({ state }: { state: Extract<ActionState, { status: "failed" }> }) {
  const t = useTranslations("recordings.callSearch");
  const { code, retryAfterSeconds = 0 } = state;
  if (code === "invalid_input") return t("notFound");
  if (code === "too_many_requests") return t("tooMany", { hours: Math.max(1, Math.ceil(retryAfterSeconds / 3600)) });
  return <ErrorText code={code} />;
}
