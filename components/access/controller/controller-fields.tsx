"use client";

import { useTranslations } from "next-intl";
import { emailInput, FactField, phoneInput, type FactFieldsProps } from "@/components/access/controller/fact-field";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";

/** The fields of the controller itself. */
export function ControllerFields({ timeZones, ...fields }: FactFieldsProps & { timeZones: readonly string[] }) {
  const t = useTranslations("controller.hints");
  const label = useTranslations("controller.facts");
  const zoneName = useTimeZoneName();
  const { facts, problem } = fields;
  return (
    <>
      <FactField name="legalName" required maxLength={200} {...fields} />
      <FactField name="tradeName" maxLength={200} {...fields} />
      <FactField
        name="cnpj"
        hint={t("cnpj")}
        maxLength={30}
        autoCapitalize="characters"
        spellCheck={false}
        {...fields}
      />
      <FactField name="address" hint={t("address")} {...fields} />
      <FactField name="email" {...emailInput} {...fields} />
      <FactField name="phone" hint={t("phone")} {...phoneInput} {...fields} />
      <FactField
        name="privacyNoticeUrl"
        hint={t("privacyNoticeUrl")}
        type="url"
        inputMode="url"
        maxLength={500}
        {...fields}
      />
      <Field
        id="deadlineTimeZone"
        label={label("deadlineTimeZone")}
        hint={t("deadlineTimeZone")}
        error={problem("deadlineTimeZone")}
      >
        <Select name="deadlineTimeZone" defaultValue={facts.deadlineTimeZone}>
          {timeZones.map((zone) => (
            <option key={zone} value={zone}>
              {zoneName(zone)}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}
