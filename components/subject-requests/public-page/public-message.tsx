import { useTranslations } from "next-intl";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import type { ActionState } from "@/lib/http/run-action";

/** Why a form of the public pages was refused, in words for people who do not know the portal. */
export function PublicMessage({ outcome }: { outcome: ActionState }) {
  const t = useTranslations("titular.errors");
  if (outcome.status !== "failed") return <FormMessage />;
  const { code, fields, retryAfterSeconds = 0, requestId } = outcome;
  const isUnexpected = code === "internal" || code === "unavailable";
  const text = () => {
    if (fields.some(({ path }) => path === "formKey" || path.startsWith("rights."))) return t("reload");
    if (fields.length > 0) return <ErrorText code="invalid_input" />;
    if (code === "too_many_requests") return t("wait", { minutes: Math.max(1, Math.ceil(retryAfterSeconds / 60)) });
    return code === "conflict" ? t("conflict") : <ErrorText code={code} />;
  };
  return <FormMessage requestId={isUnexpected ? requestId : undefined}>{text()}</FormMessage>;
}
