import { SignatureV4 } from "@smithy/signature-v4";
import { SigningHash } from "@/lib/storage/s3/signing-hash";
import type { S3StoreConfig } from "@/lib/storage/store-config";

type Credentials = { accessKeyId: string; secretAccessKey: string };

/** Replaces the rights of a Ceph user with `policy`. `owner` must have the capability for it. */
export async function putUserPolicy(
  { endpoint, region, credentials }: S3StoreConfig,
  user: string,
  policy: object,
): Promise<void> {
  const url = new URL(endpoint!);
  const query = {
    Action: "PutUserPolicy",
    UserName: user,
    PolicyName: "portal",
    PolicyDocument: JSON.stringify(policy),
  };
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials: credentials as Credentials,
    sha256: SigningHash,
    uriEscapePath: false,
  });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    path: "/",
    query,
    headers: { host: url.host },
    body: "",
  });
  url.search = new URLSearchParams(query).toString().replaceAll("+", "%20");
  const answer = await fetch(url, { method: "POST", headers });
  if (!answer.ok) throw new Error(`PutUserPolicy: ${await answer.text()}`);
}
