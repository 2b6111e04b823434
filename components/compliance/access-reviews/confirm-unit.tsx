"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { AccessReview } from "@/lib/compliance/access-reviews/read-access-review";

export type ConfirmUnitProps = {
  review: Pick<AccessReview, "id" | "units" | "seenAt">;
  action: FormAction<{ confirmed: number }>;
};

/** Confirms everybody of a unit who has no decision yet. */
export function ConfirmUnit({ review, action }: ConfirmUnitProps) {
  const t = useTranslations("accessReviews");
  const notify = useNotify();
  const { form, message } = useActionForm(action, ({ confirmed }) => notify(t("unitDone", { count: confirmed })));
  return (
    <form {...form} className="flex flex-wrap items-end gap-2">
      {message}
      <input type="hidden" name="reviewId" value={review.id} />
      <input type="hidden" name="seenAt" value={review.seenAt} />
      <Field id="unitId" label={t("unit")}>
        <Select name="unitId">
          {review.units.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <SubmitButton variant="secondary">{t("confirmUnit")}</SubmitButton>
    </form>
  );
}
