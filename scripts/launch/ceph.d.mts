/** One S3 address of the cluster. */
export interface CephGateway {
  /** The same for its whole life, through every `kill9` and `start`. */
  endpoint: string;
  /** The same server with TLS, where there is a certificate. */
  tlsEndpoint?: string;
  /** SIGKILL, as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again and waits until it answers. */
  start(): Promise<void>;
}

export interface CephUser {
  id: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Ceph extends CephGateway {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Keys that SSE-KMS takes; the second is there to change to. */
  kmsKeyIds: [string, string];
  /** Process ids of what runs now. */
  pids(): number[];
  /** Another server of the same cluster, to be killed without disturbing who uses the first. */
  addGateway(): Promise<CephGateway>;
  /** Somebody who has no right in any bucket, and whose policies the owner of the buckets may write from then on. */
  addUser(): Promise<CephUser>;
  /** Ends everything; what is not persistent is deleted. */
  stop(): Promise<void>;
}

export function startCeph(options: {
  /** Only what Ceph keeps lies in it. */
  folder: string;
  /** On disk and the same at the next start, else in memory and gone at the end. */
  persistent: boolean;
  /** A "day" of lifecycle rules lasts so long. */
  lifecycleDaySeconds?: number;
  /** PEM of a key and its certificate for 127.0.0.1. */
  certificateFile?: string;
}): Promise<Ceph>;
