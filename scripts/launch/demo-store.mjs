import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataFolder, LaunchProblem } from "./project.mjs";

const KINDS = ["disk", "ceph"];
const kindFile = path.join(dataFolder, "store-kind");

/** Returns the kind of store of this folder; undefined for a new folder. Early versions had only the disk. */
function existingKind() {
  if (existsSync(kindFile)) return readFileSync(kindFile, "utf8").trim();
  return existsSync(path.join(dataFolder, "postgres")) ? "disk" : undefined;
}

/**
 * Chooses the demo's store: that of `--store=`, else that of the folder, else the disk.
 * @throws LaunchProblem if the folder has another kind of store: its recordings would not be found.
 */
export function chosenStore(args) {
  const other = args.find((arg) => !arg.startsWith("--store="));
  if (other !== undefined)
    throw new LaunchProblem(`Unknown argument "${other}": only --store=disk and --store=ceph are allowed.`);
  const asked = args.at(-1)?.slice("--store=".length);
  if (asked !== undefined && !KINDS.includes(asked))
    throw new LaunchProblem(`Unknown store "${asked}": choose --store=disk or --store=ceph.`);
  const existing = existingKind();
  if (asked && existing && asked !== existing) {
    throw new LaunchProblem(
      `The recordings in ${dataFolder} are in a store of the kind --store=${existing}: ` +
        "use that one, or delete the folder to start anew.",
    );
  }
  return asked ?? existing ?? "disk";
}

export const saveStoreKind = (kind) => writeFileSync(kindFile, `${kind}\n`);

/** Starts the store's server. Returns the portal's settings for it; undefined for the disk. */
export async function startDemoStore(kind, onEnd) {
  if (kind === "disk") return undefined;
  const { cephProblem } = await import("./ceph-programs.mjs");
  const problem = cephProblem();
  if (problem) throw new LaunchProblem(problem);
  const { startCeph } = await import("./ceph.mjs");
  const ceph = await startCeph({ folder: path.join(dataFolder, "ceph"), persistent: true });
  onEnd(ceph.stop);
  return cephEnvironment(ceph, "recordings");
}

/** Returns the portal's settings for a bucket of this Ceph, encrypted with SSE-KMS. */
export const cephEnvironment = (ceph, bucket) => ({
  STORE: "s3",
  S3_PROFILE: "ceph",
  S3_ENDPOINT: ceph.endpoint,
  S3_REGION: ceph.region,
  S3_BUCKET: bucket,
  S3_ACCESS_KEY_ID: ceph.accessKeyId,
  S3_SECRET_ACCESS_KEY: ceph.secretAccessKey,
  S3_SESSION_TOKEN: "",
  S3_FORCE_PATH_STYLE: "true",
  S3_OBJECT_LOCK: "true",
  S3_ENCRYPTION: "aws:kms",
  S3_KMS_KEY_ID: ceph.kmsKeyIds[0],
});
