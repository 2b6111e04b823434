"use client";

import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import type { HiddenField } from "@/components/legal-holds/hidden-fields";
import { SelectById } from "@/components/legal-holds/select-by-id";
import { SelectBySearch } from "@/components/legal-holds/select-by-search";
import type { RecordingFacets } from "@/components/recordings/use-recording-options";
import { useActionForm, type FormAction } from "@/components/settings/use-action-form";
import { Button } from "@/components/ui/button";
import type { HoldPreview } from "@/lib/legal-holds/preview-hold";

/** The fields of a selection as they were sent, and what they would put under a hold. */
export type HoldDraft = { preview: HoldPreview; fields: readonly HiddenField[] };

export type SelectRecordingsProps = {
  /** The hold that would be extended, or the id of a new one. */
  fields: readonly HiddenField[];
  facets: RecordingFacets;
  preview: FormAction<HoldPreview>;
  /** The second step; `back` is the button that leads to the first. */
  children: (draft: HoldDraft, back: ReactNode) => ReactNode;
};

/**
 * Selects recordings in two steps: by search or by ids, then what exactly it would touch. Only the second step
 * holds.
 */
export function SelectRecordings({ fields, facets, preview, children }: SelectRecordingsProps) {
  const t = useTranslations("holds.select");
  const [draft, setDraft] = useState<HoldDraft>();
  // What is held later is what was sent here, whatever is typed meanwhile.
  const previewAndKeep: typeof preview = async (state, sent) => {
    const next = await preview(state, sent);
    if (next.status === "done")
      setDraft({
        preview: next.result,
        fields: [...sent].flatMap(([name, value]) =>
          name.startsWith("$") || value === "" ? [] : [[name, String(value)] as const],
        ),
      });
    return next;
  };
  const [search, ids] = [useActionForm(previewAndKeep), useActionForm(previewAndKeep)];
  return (
    <>
      {/* Kept while the second step is shown: what was typed is there again on the way back. */}
      <div hidden={draft !== undefined} className="grid max-w-4xl gap-4">
        <SelectBySearch fields={fields} facets={facets} {...search} />
        <SelectById fields={fields} {...ids} />
      </div>
      {draft ? children(draft, <Button onClick={() => setDraft(undefined)}>{t("back")}</Button>) : null}
    </>
  );
}
