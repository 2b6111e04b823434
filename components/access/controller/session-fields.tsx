"use client";

import { useTranslations } from "next-intl";
import type { FactFieldsProps, LimitFact } from "@/components/access/controller/fact-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export type LimitBounds = Record<LimitFact, { min: number; max: number }>;

/** When a session ends without use, and how many a person may have. */
export function SessionFields({ facts, problem, bounds }: FactFieldsProps & { bounds: LimitBounds }) {
  const t = useTranslations("controller");
  return (Object.keys(bounds) as LimitFact[]).map((name) => (
    <Field
      key={name}
      id={name}
      label={t(`facts.${name}`)}
      hint={t("sessions.between", bounds[name])}
      error={problem(name)}
    >
      <Input name={name} type="number" required inputMode="numeric" {...bounds[name]} defaultValue={facts[name]} />
    </Field>
  ));
}
