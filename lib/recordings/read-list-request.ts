import { recordingFilters, recordingSorts, type RecordingFilters, type RecordingSort } from "@/lib/recordings/recording-filters";

export type SearchParams = Record<string, string | string[] | undefined>;

export type RecordingListRequest = { filters: RecordingFilters; sort: RecordingSort; after?: string; before?: string };

/**
 * Reads the list's state from a URL. A value that makes no sense (typed by hand, from an old bookmark) is left out, so that a list
 * always shows something.
 */
export function readListRequest(params: SearchParams): RecordingListRequest {
  const text = (name: string) => (typeof params[name] === "string" && params[name] !== "" ? params[name] : undefined);
  const entries = Object.entries(recordingFilters.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(text(name));
    return parsed.success && parsed.data !== undefined ? [[name, parsed.data] as const] : [];
  });
  return { filters: Object.fromEntries(entries) as RecordingFilters, sort: readSort(text("sort")), after: text("after"), before: text("before") };
}

function readSort(value: string | undefined): RecordingSort {
  const key = recordingSorts.find((candidate) => candidate === value?.replace(/^-/, ""));
  return key ? { key, descending: value!.startsWith("-") } : { key: "startedAt", descending: true };
}
