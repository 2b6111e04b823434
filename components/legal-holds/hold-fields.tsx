import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";

export type Owner = { id: string; name: string };

export type HoldFieldsProps = {
  hold: { matter?: string; reason?: string; ownerId?: string; reviewOn?: string };
  owners: readonly Owner[];
  problem: (path: string) => string | undefined;
};

/** The fields of a hold: matter, reason, owner, review date. */
export function HoldFields({ hold, owners, problem }: HoldFieldsProps) {
  const t = useTranslations("holds.fields");
  return (
    <>
      <Field id="matter" label={t("matter")} error={problem("matter")}>
        <Input name="matter" required maxLength={200} autoComplete="off" defaultValue={hold.matter} />
      </Field>
      <Field id="reason" label={t("reason")} error={problem("reason")}>
        <Textarea name="reason" required maxLength={2000} defaultValue={hold.reason} />
      </Field>
      <Field id="ownerId" label={t("owner")} error={problem("ownerId")}>
        <Select name="ownerId" defaultValue={hold.ownerId}>
          {owners.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="reviewOn" label={t("reviewOn")} hint={t("reviewOnHint")} error={problem("reviewOn")}>
        <Input name="reviewOn" type="date" required className="max-w-48" defaultValue={hold.reviewOn} />
      </Field>
    </>
  );
}
