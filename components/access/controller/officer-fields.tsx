"use client";

import { useTranslations } from "next-intl";
import { emailInput, FactField, phoneInput, type FactFieldsProps } from "@/components/access/controller/fact-field";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { AccountFact, OfficerAccount } from "@/lib/access/controller/officer-accounts";

type OfficerFieldsProps = FactFieldsProps & { accounts: readonly OfficerAccount[] };

/** The fields of the encarregado. */
export function OfficerFields({ accounts, ...fields }: OfficerFieldsProps) {
  const t = useTranslations("controller.hints");
  return (
    <>
      <FactField name="officerName" hint={t("officerName")} maxLength={200} {...fields} />
      <FactField name="officerFirm" hint={t("officerFirm")} maxLength={200} {...fields} />
      <FactField name="contactEmail" hint={t("contactEmail")} {...emailInput} {...fields} />
      <FactField name="contactPhone" hint={t("contactPhone")} {...phoneInput} {...fields} />
      <FactField name="officerAppointment" hint={t("officerAppointment")} maxLength={200} {...fields} />
      <FactField name="officerAppointedOn" type="date" {...fields} />
      <AccountField name="officerUserId" accounts={accounts} {...fields} />
    </>
  );
}

/** The fields of the encarregado's substitute. */
export function SubstituteFields({ accounts, ...fields }: OfficerFieldsProps) {
  const t = useTranslations("controller.hints");
  return (
    <>
      <FactField name="substituteName" hint={t("substituteName")} maxLength={200} {...fields} />
      <FactField name="substituteAppointment" maxLength={200} {...fields} />
      <FactField name="substituteAppointedOn" type="date" {...fields} />
      <AccountField name="substituteUserId" accounts={accounts} {...fields} />
      <AccountField name="approverUserId" accounts={accounts} {...fields} />
    </>
  );
}

function AccountField({ name, accounts, facts, problem }: OfficerFieldsProps & { name: AccountFact }) {
  const t = useTranslations("controller");
  const isFit = (account: OfficerAccount) => (name === "approverUserId" ? account.isActiveAdmin : account.isActiveDpo);
  const offered = accounts.filter((account) => isFit(account) || account.id === facts[name]);
  return (
    <Field
      id={name}
      label={t(`facts.${name}`)}
      hint={t(name === "approverUserId" ? "hints.approverUserId" : "hints.userId")}
      error={problem(name)}
    >
      <Select name={name} defaultValue={facts[name] ?? ""}>
        <option value="">{t("noAccount")}</option>
        {offered.map((account) => (
          <option key={account.id} value={account.id}>
            {isFit(account) ? account.name : t("staleAccount", { name: account.name })}
          </option>
        ))}
      </Select>
    </Field>
  );
}
