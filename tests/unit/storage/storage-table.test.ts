import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DECLINED_CONTROLS, S3_CONTROLS } from "@/lib/storage/s3/s3-controls";
import { replacementProblem } from "@/lib/core/env/s3-settings";
import { S3_PROFILE_NAMES, S3_PROFILES } from "@/lib/core/env/s3-profiles";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3Profile } from "@/lib/core/env/s3-profiles";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";

const supabase = createObjectStore({
  kind: "supabase",
  url: "https://project.example",
  serviceKey: "k".repeat(20),
  bucket: "b",
  maxUploadBytes: 1,
}).capabilities;
const columns = [...S3_PROFILE_NAMES, "supabase"] as const;
const kinds = { AES256: "SSE-S3", "aws:kms": "SSE-KMS" } as Record<string, string>;

const tick = (holds: boolean) => (holds ? "✓" : "");
const line = (name: string, cells: string[]) =>
  `| ${[name, ...cells].join(" | ")} |`.replaceAll("|  |", "| |").replaceAll("|  |", "| |");
const ability = (name: string, of: (capabilities: StoreCapabilities) => string) =>
  line(name, [...S3_PROFILE_NAMES.map((profile) => of(S3_PROFILES[profile].capabilities)), of(supabase)]);
const control = (name: string, key: keyof (typeof S3_CONTROLS)["aws"]) =>
  line(name, [
    ...S3_PROFILE_NAMES.map((profile) =>
      S3_CONTROLS[profile][key] !== null ? "" : key in DECLINED_CONTROLS ? "not wanted" : "✓",
    ),
    "",
  ]);

function teller(profile: S3Profile): string {
  const { capabilities, namesChecksumAlgorithm } = S3_PROFILES[profile];
  return namesChecksumAlgorithm ? "from 20.2 on" : tick(capabilities.sha256Reported);
}

function keeper(profile: S3Profile): string {
  const { conditionalWrite, sha256Verified } = S3_PROFILES[profile].capabilities;
  if (conditionalWrite) return "it is refused";
  if (sha256Verified) return "same bytes alone";
  return replacementProblem({ S3_PROFILE: profile }) === null ? "" : "versions, or else refused at the start";
}

it("the guide's table equals the code, for every kind of bucket", () => {
  const table = [
    line(
      "",
      columns.map((name) => `\`${name}\``),
    ),
    `|---|${columns.map(() => ":-:|").join("")}`,
    ability("encryption reported for each object", ({ encryption }) =>
      [...new Set(encryption.map((kind) => kinds[kind]).filter(Boolean))].join(", "),
    ),
    ability("other content than signed is refused", ({ sha256Verified }) => tick(sha256Verified)),
    line("tells the SHA-256 that it verified", [...S3_PROFILE_NAMES.map(teller), tick(supabase.sha256Reported)]),
    ability("an old link cannot overwrite", ({ conditionalWrite }) => tick(conditionalWrite)),
    line("what keeps custody from an old link", [...S3_PROFILE_NAMES.map(keeper), "it is moved away"]),
    line("versions", [
      ...S3_PROFILE_NAMES.map((profile) =>
        S3_PROFILES[profile].versionsAssumed ? tick(S3_PROFILES[profile].capabilities.versioning) : "where said",
      ),
      "",
    ]),
    ability("Object Lock for legal holds", ({ objectLock }) => tick(objectLock)),
    ability("uploads in parts", ({ multipart }) => tick(multipart)),
    control("default encryption", "bucket_encryption"),
    control("public access block", "public_access_block"),
    control("policy against clear text", "tls_only"),
    control("policy against no encryption", "encrypted_puts_only"),
    control("policy against another key", "right_key_only"),
    control("CORS for the portal alone", "cors"),
    control("clears unfinished uploads", "lifecycle_unfinished_uploads"),
    control("clears empty delete markers", "lifecycle_delete_markers"),
    control("clears noncurrent versions", "lifecycle_old_versions"),
    control("rules that delete by age or prefix", "lifecycle_by_age"),
    control("rules that delete by tag", "lifecycle_by_tag"),
  ].join("\n");
  expect(readFileSync("docs/storage.md", "utf8")).toContain(table);
});
