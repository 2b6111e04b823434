/** One S3 server of the cluster. */
export interface CephGateway {
  /** Stays the same after `kill9` and `start`. */
  endpoint: string;
  /** The same server over TLS; only with `certificateFile`. */
  tlsEndpoint?: string;
  /** Kills the server with SIGKILL. */
  kill9(): Promise<void>;
  /** Starts the server again and waits until it responds. */
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
  /** Keys for SSE-KMS; the second is for tests that change the key. */
  kmsKeyIds: [string, string];
  /** Process ids of the running servers. */
  pids(): number[];
  /** Starts another server of the same cluster, which can be killed while others use the first. */
  addGateway(): Promise<CephGateway>;
  /** Creates a user without rights in any bucket. The owner of the buckets may write that user's policies. */
  addUser(): Promise<CephUser>;
  /** Stops the cluster, and deletes its data unless it is persistent. */
  stop(): Promise<void>;
}

export function startCeph(options: {
  /** Contains only files of Ceph. */
  folder: string;
  /** If true, the data is on disk and survives a restart; otherwise it is in memory. */
  persistent: boolean;
  /** How long a "day" of lifecycle rules lasts. */
  lifecycleDaySeconds?: number;
  /** PEM file with a key and its certificate for 127.0.0.1. */
  certificateFile?: string;
}): Promise<Ceph>;
