import { pinsCustody } from "@/lib/core/env/pins-custody";
import { keepsVersions } from "@/lib/core/env/keeps-versions";
import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import type { S3Profile } from "@/lib/storage/store-config";

/** Why uploads by links of this store itself could not be kept as they were seen; null where they can. Ends the sentence "S3_VERSIONING: …". */
export function custodyProblem({
  S3_PROFILE: profile,
  S3_VERSIONING: versioning,
}: {
  S3_PROFILE: S3Profile;
  S3_VERSIONING?: boolean | undefined;
}): string | null {
  const { capabilities } = S3_PROFILES[profile];
  if (pinsCustody({ ...capabilities, versioning: keepsVersions({ profile, versioning }) })) return null;
  return `an old upload link may bring other bytes to a store of the profile ${profile}: let the bucket keep versions and set it to true, or set RECORDING_ENCRYPTION=envelope, whose links are the portal's own`;
}
