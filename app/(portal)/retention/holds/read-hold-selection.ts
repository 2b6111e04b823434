import type { HiddenField } from "@/components/forms/hidden-fields";
import { readFilters, type SearchParams } from "@/lib/http/page-address";
import type { HoldSelection } from "@/lib/legal-holds/hold-input";
import { recordingFilters } from "@/lib/recordings/recording-filters";

/**
 * Reads the selection of a hold from a URL, also as hidden fields: `?recording=<id>`, repeated (with `&only=these` for
 * these without the others of their calls), or the filters of the list. Null if there is none.
 */
export function readHoldSelection(params: SearchParams): { selection: HoldSelection; fields: HiddenField[] } | null {
  const recordingIds = [...new Set([params.recording ?? []].flat())];
  if (recordingIds.length > 0) {
    const onlyThese = params.only === "these";
    const fields = recordingIds.map((id): HiddenField => ["recordingIds[]", id]);
    return { selection: { recordingIds, onlyThese }, fields: onlyThese ? [...fields, ["onlyThese", "yes"]] : fields };
  }
  const filters = readFilters(recordingFilters, params);
  const entries = Object.entries(filters);
  return entries.length === 0
    ? null
    : { selection: { filters }, fields: entries.map(([name, value]) => [name, String(value)] as const) };
}
