"use client";

import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ControllerFacts, FactName } from "@/lib/access/controller/controller-facts";
import type { AccountFact } from "@/lib/access/controller/officer-accounts";

export type FactFieldsProps = { facts: ControllerFacts; problem: (path: string) => string | undefined };

export type LimitFact = "idleMinutesPrivileged" | "idleMinutesOthers" | "maxSessions";

type TextFact = Exclude<FactName, "smallAgent" | AccountFact | "deadlineTimeZone" | LimitFact>;

export type FactFieldProps = FactFieldsProps & {
  name: TextFact;
  hint?: string;
} & Omit<ComponentProps<"input">, "name" | "defaultValue">;

/** How an e-mail address and a telephone number are typed. */
export const emailInput = { type: "email", inputMode: "email", maxLength: 254 } as const;
export const phoneInput = { type: "tel", inputMode: "tel", maxLength: 40 } as const;

/** The field of one fact, named after it. */
export function FactField({ name, facts, problem, hint, className, ...input }: FactFieldProps) {
  const t = useTranslations("controller.facts");
  return (
    <Field id={name} label={t(name)} hint={hint} error={problem(name)} className={className}>
      <Input name={name} maxLength={300} autoComplete="off" defaultValue={facts[name] ?? ""} {...input} />
    </Field>
  );
}
