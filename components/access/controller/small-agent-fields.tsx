"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { FactFieldsProps } from "@/components/access/controller/fact-field";
import { Field } from "@/components/ui/field";
import { Switch } from "@/components/ui/switch";
import { Textarea } from "@/components/ui/textarea";

/** The switch of a small agent, with what it changes and when it is lost. While it is on, it needs a reason. */
export function SmallAgentFields({ facts, problem }: FactFieldsProps) {
  const t = useTranslations("controller.small");
  const label = useTranslations("controller.facts");
  const [isOn, setOn] = useState(facts.smallAgent);
  return (
    <>
      <Switch
        name="smallAgent"
        value="true"
        label={t("switch")}
        aria-describedby="small-agent-effect"
        defaultChecked={facts.smallAgent}
        onChange={(event) => setOn(event.target.checked)}
        className="font-medium"
      />
      <SmallAgentEffect />
      <div hidden={!isOn}>
        <Field
          id="smallAgentReason"
          label={label("smallAgentReason")}
          hint={t("reasonHint")}
          error={problem("smallAgentReason")}
        >
          <Textarea name="smallAgentReason" maxLength={2000} defaultValue={facts.smallAgentReason ?? ""} />
        </Field>
      </div>
    </>
  );
}

function SmallAgentEffect() {
  const t = useTranslations("controller.small");
  return (
    <div id="small-agent-effect" className="grid gap-3">
      <Part title={t("changes")} points={[t("double"), t("channel")]} />
      <Part title={t("lostTitle")} points={[t("lost"), t("revenue"), t("doubt")]} />
    </div>
  );
}

function Part({ title, points }: { title: string; points: readonly string[] }) {
  return (
    <div>
      <h3 className="text-sm font-semibold">{title}</h3>
      <ul className="list-disc pl-5 text-ink-muted">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}
