import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataFolder, LaunchProblem } from "./project.mjs";

const KINDS = ["disk", "ceph"];
const note = path.join(dataFolder, "store-kind");

/**
 * The store that this folder was created with; undefined for a new one. A database without a record is older than the
 * choice.
 */
function begunWith() {
  if (existsSync(note)) return readFileSync(note, "utf8").trim();
  return existsSync(path.join(dataFolder, "postgres")) ? "disk" : undefined;
}

/**
 * Chooses the demo's store: `--store=`, or the folder's store, or the disk.
 * @throws LaunchProblem for a folder with another store: its recordings would not be found.
 */
export function chosenStore(args) {
  const other = args.find((arg) => !arg.startsWith("--store="));
  if (other !== undefined)
    throw new LaunchProblem(`"${other}" is not understood: only --store=disk or --store=ceph may follow.`);
  const asked = args.at(-1)?.slice("--store=".length);
  if (asked !== undefined && !KINDS.includes(asked))
    throw new LaunchProblem(`"${asked}" is not a store of the demo: choose --store=disk or --store=ceph.`);
  const begun = begunWith();
  if (asked && begun && asked !== begun) {
    throw new LaunchProblem(
      `The data in ${dataFolder} was begun with --store=${begun}, and its recordings lie there: go on with that, or delete the folder to begin anew.`,
    );
  }
  return asked ?? begun ?? "disk";
}

export const noteStore = (kind) => writeFileSync(note, `${kind}\n`);

/** Starts the store if it is a server. Returns the portal's settings for it; undefined for the disk. */
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

/** The portal's settings for a bucket of this Ceph, encrypted under a key of its own (SSE-KMS). */
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
