"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { OneTimeSecret } from "@/components/ui/one-time-secret";
import { Select } from "@/components/ui/select";
import { TimeText } from "@/components/ui/time-text";
import type { GivenAccess } from "@/lib/access/users/given-access";

/** How a person gets the new password, where mail is sent: by a link, or by a temporary one that is read aloud. */
export function AccessChoice() {
  const t = useTranslations("users.access");
  return (
    <Field id="access" label={t("label")} hint={t("hint")}>
      <Select name="access" defaultValue="mail">
        <option value="mail">{t("mail")}</option>
        <option value="temporary_password">{t("temporary")}</option>
      </Select>
    </Field>
  );
}

/** What was given: a link, until when it is valid; or the temporary password, once, with the person's name. */
export function NewAccess({ access: { name, temporaryPassword, linkUntil } }: { access: GivenAccess }) {
  const t = useTranslations("users");
  if (temporaryPassword !== null)
    return <OneTimeSecret label={t("secret.of", { name })} warning={t("secret.warning")} value={temporaryPassword} />;
  return (
    <FormMessage tone="positive">
      {linkUntil ? t.rich("access.sent", { name, until: () => <TimeText value={linkUntil} /> }) : null}
    </FormMessage>
  );
}
