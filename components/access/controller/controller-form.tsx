"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ControllerFields } from "@/components/access/controller/controller-fields";
import { OfficerFields, SubstituteFields } from "@/components/access/controller/officer-fields";
import { SessionFields, type LimitBounds } from "@/components/access/controller/session-fields";
import { SmallAgentFields } from "@/components/access/controller/small-agent-fields";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { ControllerSettings } from "@/lib/access/controller/read-controller";

export type ControllerFormProps = {
  settings: ControllerSettings;
  timeZones: readonly string[];
  bounds: LimitBounds;
  action: FormAction<{ version: number }>;
};

/** Says who the controller, its encarregado and the substitute are. A save is a new version. */
export function ControllerForm({ settings, timeZones, bounds, action }: ControllerFormProps) {
  const t = useTranslations("controller");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, ({ version }) => notify(t("saved", { version })));
  const { version, facts, accounts } = settings;
  const fields = { facts, problem };
  return (
    <form {...form} className="grid gap-4">
      <input type="hidden" name="version" value={version} />
      {/* A new version resets the fields, so that old values are never sent with it. */}
      <div key={version} className="grid gap-4">
        <Part id="controller">
          <ControllerFields timeZones={timeZones} {...fields} />
        </Part>
        <Part id="officer">
          <OfficerFields accounts={accounts} {...fields} />
        </Part>
        <Part id="substitute">
          <SubstituteFields accounts={accounts} {...fields} />
        </Part>
        <Card aria-labelledby="small">
          <CardHeader id="small" title={t("small.title")} description={t("small.description")} />
          <CardBody className="grid gap-4">
            <SmallAgentFields {...fields} />
          </CardBody>
        </Card>
        <Part id="sessions">
          <SessionFields bounds={bounds} {...fields} />
        </Part>
      </div>
      {message}
      <SubmitButton className="justify-self-end">{t("save")}</SubmitButton>
    </form>
  );
}

function Part({ id, children }: { id: "controller" | "officer" | "substitute" | "sessions"; children: ReactNode }) {
  const t = useTranslations("controller");
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={t(`${id}.title`)} description={t(`${id}.description`)} />
      <CardBody className="grid items-start gap-4 sm:grid-cols-2">{children}</CardBody>
    </Card>
  );
}
