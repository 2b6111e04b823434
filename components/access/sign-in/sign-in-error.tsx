import { useTranslations } from "next-intl";
import { ErrorText } from "@/components/ui/error-text";

/** Why a step of the sign-in was refused. */
export function SignInError({ code, retryAfterSeconds }: { code: string; retryAfterSeconds: number }) {
  const t = useTranslations("signIn");
  if (code === "locked") return t("locked", { minutes: Math.max(1, Math.ceil(retryAfterSeconds / 60)) });
  return <ErrorText code={code} />;
}
