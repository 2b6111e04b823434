import { readFilters, type SearchParams } from "@/lib/http/page-address";
import {
  recordingFilters,
  recordingSorts,
  type RecordingFilters,
  type RecordingSort,
} from "@/lib/recordings/recording-filters";

export type RecordingListRequest = { filters: RecordingFilters; sort: RecordingSort; after?: string; before?: string };

/** Reads the list's state from a URL; see `readFilters`. */
export function readListRequest(params: SearchParams): RecordingListRequest {
  const text = (name: string) => (typeof params[name] === "string" && params[name] !== "" ? params[name] : undefined);
  return {
    filters: readFilters(recordingFilters, params),
    sort: readSort(text("sort")),
    after: text("after"),
    before: text("before"),
  };
}

function readSort(value: string | undefined): RecordingSort {
  const key = recordingSorts.find((candidate) => candidate === value?.replace(/^-/, ""));
  return key ? { key, descending: value!.startsWith("-") } : { key: "startedAt", descending: true };
}
