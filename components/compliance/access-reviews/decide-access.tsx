"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Checkbox } from "@/components/ui/checkbox";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { AccessReviewRow } from "@/lib/compliance/access-reviews/read-access-review";

export type DecideAccessProps = { reviewId: string; person: AccessReviewRow["person"]; action: FormAction<unknown> };

/** Confirms a person's access, of several units those that are left checked, or deactivates the person. */
export function DecideAccess({ reviewId, person, action }: DecideAccessProps) {
  const t = useTranslations("accessReviews");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("decided", { person: person.name })));
  const hasChoice = person.units.length > 1;
  const error = problem("unitIds");
  return (
    <form {...form} className="grid gap-1">
      {message}
      <input type="hidden" name="reviewId" value={reviewId} />
      <input type="hidden" name="userId" value={person.id} />
      <input type="hidden" name="version" value={person.version} />
      {hasChoice ? (
        <fieldset>
          <legend className="text-sm text-ink-muted">{t("kept")}</legend>
          {/* Without a checked box, a form sends nothing. */}
          <input type="hidden" name="keptUnitIds[]" value="" />
          <span className="flex flex-wrap gap-x-3">
            {person.units.map(({ id, name }) => (
              <Checkbox key={id} name="keptUnitIds[]" value={id} defaultChecked label={name} />
            ))}
          </span>
          {error ? <p className="text-sm text-danger">{error}</p> : null}
        </fieldset>
      ) : null}
      <span className="flex gap-2">
        {(["confirmed", "deactivated"] as const).map((decision) => (
          <SubmitButton
            key={decision}
            name="decision"
            value={decision}
            variant={decision === "confirmed" ? "secondary" : "ghost"}
            size="small"
            aria-label={`${t(`do.${decision}`)}: ${person.name}`}
          >
            {t(`do.${decision}`)}
          </SubmitButton>
        ))}
      </span>
    </form>
  );
}
