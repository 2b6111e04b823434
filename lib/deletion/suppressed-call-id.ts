import { blindIndex } from "@/lib/core/crypto/blind-index";

/**
 * What stands in `source_call_id` of a deleted recording: phone systems write numbers into their call ids. A keyed digest tells
 * that the same call is being uploaded again (LGPD: a deletion must not be undone by an import) and nothing else.
 */
export function suppressedCallId(source: string, sourceCallId: string): string {
  return `deleted:${blindIndex("source_call", `${source}\0${sourceCallId}`).toString("hex")}`;
}
