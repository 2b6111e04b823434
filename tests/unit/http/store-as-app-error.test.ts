import { expect, test } from "vitest";
import { knownError } from "@/lib/http/known-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

test.each<[StoreErrorCode, number, string, number | undefined]>([
  ["too_large", 413, "too_large", undefined],
  ["checksum_mismatch", 422, "checksum_mismatch", undefined],
  ["size_mismatch", 422, "size_mismatch", undefined],
  ["key_unavailable", 503, "key_unavailable", 15],
  ["throttled", 503, "store_unavailable", 5],
  ["forbidden", 503, "store_unavailable", 60],
  ["precondition_failed", 503, "store_unavailable", 60],
  ["not_found", 503, "store_unavailable", 60],
  ["already_exists", 503, "store_unavailable", 60],
  ["integrity", 503, "store_unavailable", 60],
])("a store's %s is answered %i %s", (code, status, answered, retryAfterSeconds) => {
  const error = knownError(new StoreError(code, "recordings/1"))!;
  expect([error.status, error.code, error.details.retryAfterSeconds]).toEqual([status, answered, retryAfterSeconds]);
});

test("an unknown error stays unknown", () => expect(knownError(new TypeError("x"))).toBeNull());
