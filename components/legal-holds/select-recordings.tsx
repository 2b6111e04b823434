"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useDraft, type Draft } from "@/components/forms/use-draft";
import type { HiddenField } from "@/components/forms/hidden-fields";
import { SelectById } from "@/components/legal-holds/select-by-id";
import { SelectBySearch } from "@/components/legal-holds/select-by-search";
import type { RecordingFacets } from "@/components/recordings/use-recording-options";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import type { HoldPreview } from "@/lib/legal-holds/preview-hold";

export type SelectRecordingsProps = {
  /** The id of the hold to extend, or of the new one. */
  fields: readonly HiddenField[];
  facets: RecordingFacets;
  preview: FormAction<HoldPreview>;
  /** The second step. `back` is the button to the first step. */
  children: (draft: Draft<HoldPreview>, back: ReactNode) => ReactNode;
};

/** Selects recordings in two steps: by search or ids, then a preview. Only the second step changes anything. */
export function SelectRecordings({ fields, facets, preview, children }: SelectRecordingsProps) {
  const t = useTranslations("holds.select");
  const { draft, previewAndKeep, discard } = useDraft(preview);
  const [search, ids] = [useActionForm(previewAndKeep), useActionForm(previewAndKeep)];
  return (
    <>
      {/* Hidden, not removed, during the second step: its fields keep their values. */}
      <div hidden={draft !== undefined} className="grid max-w-4xl gap-4">
        <SelectBySearch fields={fields} facets={facets} {...search} />
        <SelectById fields={fields} {...ids} />
      </div>
      {draft ? children(draft, <Button onClick={discard}>{t("back")}</Button>) : null}
    </>
  );
}
