import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SignatureV4 } from "@smithy/signature-v4";
import { SigningHash } from "@/lib/storage/s3/signing-hash";

export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";
/** The answer of the service instead of a result. "hang" never answers. */
export type KmsFault = "AccessDeniedException" | "ThrottlingException" | "KMSInternalException" | "hang";

/**
 * AWS KMS at the network edge: JSON over HTTP, signatures checked, real AES-256-GCM with the encryption context as
 * additional data.
 */
export interface KmsServer {
  /** The environment of a portal that uses `keyArn`. */
  environment(keyArn: string): Record<string, string>;
  /** Creates a key and returns its ARN. */
  makeKey(): string;
  setState(keyArn: string, state: KeyState): void;
  /** Called for each request; null means no faults. */
  fault: KmsFault | null;
  /** The requests with a valid signature, oldest first. */
  readonly requests: { operation: string; context: Record<string, string> }[];
  /** Stops listening until `start`. */
  close(): Promise<void>;
  /** Listens at the same address again. Does nothing while it listens. */
  start(): Promise<void>;
}

type Body = { KeyId?: string; Plaintext?: string; CiphertextBlob?: string; EncryptionContext?: Record<string, string> };

class Refusal extends Error {
  readonly type: string;
  readonly status;

  constructor(type: string, status = 400) {
    super(type);
    this.type = type;
    this.status = status;
  }
}

const region = "sa-east-1";
const credentials = {
  accessKeyId: `AKIA${randomUUID().slice(0, 8).toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString("hex"),
};

/** The encryption context as KMS binds it: the pairs, in any order. */
const boundContext = (arn: string, context: Record<string, string> = {}) =>
  Buffer.from(JSON.stringify([arn, ...Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1))]));

async function assertSigned(incoming: IncomingMessage, body: Buffer): Promise<void> {
  const [, scope, names] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), /.exec(incoming.headers.authorization ?? "") ?? [];
  const date = String(incoming.headers["x-amz-date"]);
  if (!scope || !names) throw new Refusal("MissingAuthenticationTokenException");
  const signedAt = new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const headers = Object.fromEntries(names.split(";").map((name) => [name, String(incoming.headers[name])]));
  const signer = new SignatureV4({ service: "kms", region, credentials, sha256: SigningHash });
  const signed = await signer.sign(
    { method: "POST", protocol: "http:", hostname: incoming.headers.host!, path: "/", headers, body },
    { signingDate: signedAt },
  );
  if (signed.headers.authorization !== incoming.headers.authorization) throw new Refusal("InvalidSignatureException");
}

export async function startKmsServer(): Promise<KmsServer> {
  const keys = new Map<string, { secret: Buffer; state: KeyState }>();
  const usable = (arn: string) => {
    const key = keys.get(arn);
    if (!key) throw new Refusal("NotFoundException");
    if (key.state === "Disabled") throw new Refusal("DisabledException");
    if (key.state === "PendingDeletion") throw new Refusal("KMSInvalidStateException");
    return key.secret;
  };
  const operations: Record<string, (body: Body) => object> = {
    Encrypt({ KeyId = "", Plaintext = "", EncryptionContext }) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", usable(KeyId), nonce).setAAD(boundContext(KeyId, EncryptionContext));
      const sealed = Buffer.concat([
        Buffer.from(KeyId),
        Buffer.from([0]),
        nonce,
        cipher.update(Plaintext, "base64"),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return { KeyId, CiphertextBlob: sealed.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
    },
    Decrypt({ KeyId, CiphertextBlob = "", EncryptionContext }) {
      const blob = Buffer.from(CiphertextBlob, "base64");
      const arn = blob.subarray(0, blob.indexOf(0)).toString();
      const sealed = blob.subarray(arn.length + 1);
      if (!keys.has(arn)) throw new Refusal("InvalidCiphertextException");
      if (KeyId !== undefined && KeyId !== arn) throw new Refusal("IncorrectKeyException");
      const decipher = createDecipheriv("aes-256-gcm", usable(arn), sealed.subarray(0, 12))
        .setAAD(boundContext(arn, EncryptionContext))
        .setAuthTag(sealed.subarray(-16));
      try {
        const plain = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
        return { KeyId: arn, Plaintext: plain.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
      } catch {
        throw new Refusal("InvalidCiphertextException");
      }
    },
  };

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const bytes = await buffer(incoming);
    if (kms.fault === "hang") return;
    try {
      await assertSigned(incoming, bytes);
      const operation = /^TrentService\.(\w+)$/.exec(String(incoming.headers["x-amz-target"]))?.[1] ?? "";
      const body = JSON.parse(bytes.toString()) as Body;
      kms.requests.push({ operation, context: body.EncryptionContext ?? {} });
      if (kms.fault) throw new Refusal(kms.fault, kms.fault === "KMSInternalException" ? 500 : 400);
      const work = operations[operation];
      if (!work) throw new Refusal("UnknownOperationException");
      send(outgoing, 200, work(body));
    } catch (error) {
      const { type, status } = error instanceof Refusal ? error : new Refusal("KMSInternalException", 500);
      send(outgoing, status, { __type: type, message: `${type} by the server of the tests` });
    }
  }
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing));
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;

  const kms: KmsServer = {
    environment: (keyArn) => ({
      ENVELOPE_KMS_KEY_ID: keyArn,
      ENVELOPE_KMS_REGION: region,
      ENVELOPE_KMS_ENDPOINT: endpoint,
      ENVELOPE_KMS_ACCESS_KEY_ID: credentials.accessKeyId,
      ENVELOPE_KMS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ENVELOPE_KMS_TIMEOUT_MS: "300",
    }),
    makeKey() {
      const arn = `arn:aws:kms:${region}:111122223333:key/${randomUUID()}`;
      keys.set(arn, { secret: randomBytes(32), state: "Enabled" });
      return arn;
    },
    setState: (keyArn, state) => void (keys.get(keyArn)!.state = state),
    fault: null,
    requests: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
    start: async () => (server.listening ? undefined : listen(port)),
  };
  return kms;
}

function send(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() });
  outgoing.end(JSON.stringify(body));
}
