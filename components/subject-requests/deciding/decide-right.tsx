"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { GroundField } from "@/components/subject-requests/deciding/ground-field";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { DecidableRight } from "@/lib/subject-requests/deciding/read-decisions";

type DecideRightProps = { requestId: string; right: DecidableRight; mayDecide: boolean; action: FormAction<unknown> };

/** The answer of a right as a whole, or the ground on which all of it is refused. */
export function DecideRight({ requestId, right, mayDecide, action }: DecideRightProps) {
  const t = useTranslations("subjectRequests");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("deciding.decided")));
  const { whole, suggested } = right;
  if (!mayDecide)
    return (
      <CardBody>
        {whole ? (
          <>
            {whole.ground ? <p className="font-medium">{t(`refusals.${whole.ground}`)}</p> : null}
            <p className="whitespace-pre-line">{whole.text ?? t("deciding.textForDpo")}</p>
          </>
        ) : (
          <p className="text-ink-muted">{t("deciding.noWhole")}</p>
        )}
      </CardBody>
    );
  return (
    <form {...form}>
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="processId" value={right.id} />
      <CardBody className="grid gap-3">
        {message}
        <GroundField
          id="whole-ground"
          error={problem("ground")}
          required={right.each.length > 0}
          defaultValue={whole ? whole.ground : suggested?.ground}
        />
        <Field
          id="text"
          label={t("deciding.text")}
          hint={t(whole || !suggested ? "deciding.textHint" : "deciding.suggestedHint")}
          error={problem("text")}
        >
          <Textarea
            name="text"
            rows={4}
            required
            maxLength={5000}
            defaultValue={whole?.text ?? suggested?.text ?? ""}
          />
        </Field>
        <div>
          <Button type="submit" variant={right.each.length > 0 ? undefined : "primary"}>
            {t(right.each.length > 0 ? "deciding.refuseWhole" : "deciding.saveWhole")}
          </Button>
        </div>
      </CardBody>
    </form>
  );
}
