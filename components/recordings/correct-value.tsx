"use client";

import { useTranslations } from "next-intl";
import { useState, type ComponentProps } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

type Correction = { recordingId: string; revision: string; action: FormAction<unknown> };

type CorrectValueProps = Correction & {
  texts: Record<"title" | "description" | "kind" | "value" | "button" | "done", string>;
  /** What the value may be. Only the first kind has a value. */
  kinds: readonly [Kind, ...Kind[]];
  /** Its name is that of the value. */
  input: ComponentProps<typeof Input> & { name: string };
};
type Kind = { value: string; label: string };

/** Says what a value of a call's customer is. It is refused if somebody changed the value meanwhile. */
function CorrectValue({ recordingId, revision, action, texts, kinds, input }: CorrectValueProps) {
  const notify = useNotify();
  const [kind, setKind] = useState(kinds[0].value);
  const { form, problem, message } = useActionForm(action, () => notify(texts.done));
  const id = `correct-${input.name}`;
  return (
    <CardBody className="border-t border-line">
      <form {...form} className="grid gap-3" aria-labelledby={id}>
        <h3 id={id} className="font-semibold">
          {texts.title}
        </h3>
        <p className="text-sm text-ink-muted">{texts.description}</p>
        {message}
        <input type="hidden" name="recordingId" value={recordingId} />
        <input type="hidden" name="revision" value={revision} />
        <div className="grid items-start gap-3 sm:grid-cols-[11rem_minmax(0,1fr)_auto]">
          <Field id={`${id}-kind`} label={texts.kind} error={problem("kind")}>
            <Select name="kind" required value={kind} onChange={(event) => setKind(event.target.value)}>
              {kinds.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </Field>
          {kind === kinds[0].value ? (
            <Field id={`${id}-value`} label={texts.value} error={problem(input.name)}>
              <Input autoComplete="off" required maxLength={64} {...input} />
            </Field>
          ) : (
            <span />
          )}
          <div className="sm:pt-6">
            <SubmitButton>{texts.button}</SubmitButton>
          </div>
        </div>
      </form>
    </CardBody>
  );
}

/** The texts that both messages have. */
const textsOf = (t: (key: "title" | "description" | "kind" | "button" | "done") => string) => ({
  title: t("title"),
  description: t("description"),
  kind: t("kind"),
  button: t("button"),
  done: t("done"),
});

/** Says what the customer's number of a call is. */
export function CorrectNumber(correction: Correction) {
  const t = useTranslations("recordings.correctNumber");
  const kind = (value: "number" | "withheld" | "not_a_number"): Kind => ({ value, label: t(`kinds.${value}`) });
  return (
    <CorrectValue
      {...correction}
      texts={{ ...textsOf(t), value: t("number") }}
      kinds={[kind("number"), kind("withheld"), kind("not_a_number")]}
      input={{ name: "number", type: "tel", inputMode: "tel" }}
    />
  );
}

/** Says what the CPF or CNPJ of a call's customer is. */
export function CorrectTaxId(correction: Correction) {
  const t = useTranslations("recordings.correctTaxId");
  const kind = (value: "tax_id" | "none"): Kind => ({ value, label: t(`kinds.${value}`) });
  return (
    <CorrectValue
      {...correction}
      texts={{ ...textsOf(t), value: t("taxId") }}
      kinds={[kind("tax_id"), kind("none")]}
      input={{ name: "taxId", autoCapitalize: "characters" }}
    />
  );
}
