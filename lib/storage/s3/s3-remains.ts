import {
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";

export interface S3Version {
  versionId: string;
  deleteMarker: boolean;
}

export type FoundVersions = { found: S3Version[]; complete: boolean };

/**
 * The first versions and delete markers of exactly this key, about 1000, and whether these are all. Lists come in key
 * order and the exact key sorts before every longer one, so the first other key ends the search.
 */
export async function versionsOf(client: S3Client, bucket: string, key: string): Promise<FoundVersions> {
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1000, ...markers }),
    );
    const { found, others } = exactly(key, page);
    const complete = !page.IsTruncated || others > 0;
    // A page may be short, even empty, and yet not the last.
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

/** Ids of unfinished multipart uploads of exactly this key. */
export async function unfinishedUploadsOf(client: S3Client, bucket: string, key: string): Promise<string[]> {
  const ids: string[] = [];
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, ...markers }));
    const uploads = page.Uploads ?? [];
    ids.push(...uploads.filter((upload) => upload.Key === key && upload.UploadId).map((upload) => upload.UploadId!));
    const passed = uploads.some((upload) => upload.Key !== key);
    if (!page.IsTruncated || passed || !page.NextKeyMarker) return ids;
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
