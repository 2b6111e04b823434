import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import type { S3Target } from "@/lib/storage/s3/s3-target";

export interface S3Version {
  versionId: string;
  deleteMarker: boolean;
}

export type FoundVersions = { found: S3Version[]; complete: boolean };

/**
 * The first versions and delete markers of exactly this key, about 1000, and whether these are all. Lists are ordered
 * by key, and the exact key comes before every longer one, so the first other key ends the search.
 */
export async function versionsOf(
  { ask, bucket }: Pick<S3Target, "ask" | "bucket">,
  key: string,
): Promise<FoundVersions> {
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await ask(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1000, ...markers }));
    const { found, others } = exactly(key, page);
    const complete = !page.IsTruncated || others > 0;
    // A page may be short, or even empty, without being the last.
    if (found.length > 0 || complete || !page.NextKeyMarker) return { found, complete };
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

function exactly(key: string, page: ListObjectVersionsCommandOutput): { found: S3Version[]; others: number } {
  const versions = (page.Versions ?? []).filter((version) => version.Key === key);
  const markers = (page.DeleteMarkers ?? []).filter((marker) => marker.Key === key);
  const others = (page.Versions?.length ?? 0) + (page.DeleteMarkers?.length ?? 0) - versions.length - markers.length;
  const found = [
    ...versions.map((version) => ({ versionId: version.VersionId ?? "null", deleteMarker: false })),
    ...markers.map((marker) => ({ versionId: marker.VersionId ?? "null", deleteMarker: true })),
  ];
  return { found, others };
}
