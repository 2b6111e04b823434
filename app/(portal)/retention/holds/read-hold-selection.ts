import type { HiddenField } from "@/components/legal-holds/hidden-fields";
import { readFilters, type SearchParams } from "@/lib/http/page-address";
import type { HoldSelection } from "@/lib/legal-holds/hold-selection";
import { recordingFilters } from "@/lib/recordings/recording-filters";

/**
 * What an address selects for a hold, and the same as fields of a form: `?recording=<id>`, repeated, or the filters
 * of the list. Null for nothing.
 */
export function readHoldSelection(params: SearchParams): { selection: HoldSelection; fields: HiddenField[] } | null {
  const recordingIds = [...new Set([params.recording ?? []].flat())];
  if (recordingIds.length > 0)
    return { selection: { recordingIds }, fields: recordingIds.map((id) => ["recordingIds[]", id] as const) };
  const filters = readFilters(recordingFilters, params);
  const said = Object.entries(filters);
  return said.length === 0
    ? null
    : { selection: { filters }, fields: said.map(([name, value]) => [name, String(value)] as const) };
}
