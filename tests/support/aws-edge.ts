import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * Fake Amazon S3 at the network edge: bucket settings and the bucket policy for uploads. Signatures are not checked.
 */
export interface AwsEdge {
  endpoint: string;
  /** The last value of each setting, by the query of its request. */
  readonly settings: Map<string, string>;
  /** Settings that these keys may not read. */
  readonly unreadable: Set<string>;
  close(): void;
}

const SETTINGS = ["versioning", "object-lock", "encryption", "publicAccessBlock", "policy", "cors", "lifecycle"];
const ENCRYPTION = "x-amz-server-side-encryption";
const KEY_ID = `${ENCRYPTION}-aws-kms-key-id`;

type Condition = Record<string, Record<string, string>>;
type Statement = { Effect: string; Action: string; Condition: Condition };

/** IAM operators as documented: a missing key matches every negated condition, with and without IfExists. */
const OPERATORS: Record<string, (value: string | undefined, wanted: string) => boolean> = {
  StringEquals: (value, wanted) => value === wanted,
  StringNotEquals: (value, wanted) => value !== wanted,
  StringNotEqualsIfExists: (value, wanted) => value !== wanted,
  Null: (value, wanted) => (value === undefined) === (wanted === "true"),
};

function isDenied(policy: string | undefined, headers: IncomingHttpHeaders): boolean {
  const { Statement = [] } = JSON.parse(policy ?? "{}") as { Statement?: Statement[] };
  const meets = (condition: Condition) =>
    Object.entries(condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        OPERATORS[operator]!(headers[key.replace(/^s3:/, "")] as string | undefined, wanted),
      ),
    );
  return Statement.some(
    ({ Effect, Action, Condition }) => Effect === "Deny" && Action === "s3:PutObject" && meets(Condition),
  );
}

/** @param keyArn the only key in its KMS besides Amazon's own. */
export async function startAwsEdge(keyArn: string): Promise<AwsEdge> {
  const settings = new Map<string, string>();
  const unreadable = new Set<string>();
  const objects = new Map<string, { body: string; headers: Record<string, string> }>();
  const refuse = (outgoing: ServerResponse, status: number, code: string) =>
    outgoing.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);

  function answerSetting(name: string, method: string, body: string, outgoing: ServerResponse) {
    if (method === "PUT") return settings.set(name, body) && outgoing.end();
    if (unreadable.has(name)) return refuse(outgoing, 403, "AccessDenied");
    const set = settings.get(name) ?? (name === "versioning" ? "<VersioningConfiguration/>" : undefined);
    return set === undefined ? refuse(outgoing, 404, "NoSuchConfiguration") : outgoing.end(set);
  }

  function put(key: string, body: string, sent: IncomingHttpHeaders, outgoing: ServerResponse) {
    if (isDenied(settings.get("policy"), sent)) return refuse(outgoing, 403, "AccessDenied");
    const keyId = sent[KEY_ID] as string | undefined;
    if (keyId !== undefined && keyId !== keyArn) return refuse(outgoing, 400, "KMS.NotFoundException");
    const encryption = (sent[ENCRYPTION] as string | undefined) ?? "AES256";
    objects.set(key, {
      body,
      headers: {
        etag: `"${objects.size}"`,
        [ENCRYPTION]: encryption,
        ...(encryption === "aws:kms" ? { [KEY_ID]: keyId ?? "arn:aws:kms:sa-east-1:111122223333:key/aws-s3" } : {}),
      },
    });
    return outgoing.writeHead(200, objects.get(key)!.headers).end();
  }

  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => {
      const url = new URL(incoming.url!, "http://edge");
      const [, , key] = /^\/([^/]+)\/?(.*)$/.exec(url.pathname)!;
      const setting = SETTINGS.find((name) => url.searchParams.has(name));
      if (setting) return answerSetting(setting, incoming.method!, body, outgoing);
      if (!key) return outgoing.end();
      if (incoming.method === "PUT") return put(key, body, incoming.headers, outgoing);
      if (incoming.method === "DELETE") return (objects.delete(key), outgoing.writeHead(204).end());
      const found = objects.get(key);
      return found
        ? outgoing.writeHead(200, found.headers).end(incoming.method === "HEAD" ? undefined : found.body)
        : refuse(outgoing, 404, "NoSuchKey");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settings,
    unreadable,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
