import { afterEach, beforeEach, expect, it } from "vitest";
import { readBack } from "@/lib/storage-checks/bucket-settings";
import { send, ticketFor } from "@/lib/storage-checks/request";
import { s3Checks } from "@/lib/storage-checks/s3-checks";
import { newId } from "@/lib/core/new-id";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { startAwsEdge, type AwsEdge } from "../../support/aws-edge";

const keyId = "arn:aws:kms:sa-east-1:111122223333:key/k";
const portalOrigin = "https://portal.example";
type Statement = { Sid: string; Condition: object };

let edge: AwsEdge;
let config: S3StoreConfig;
beforeEach(async () => {
  edge = await startAwsEdge(keyId);
  config = {
    kind: "s3",
    profile: "aws",
    endpoint: edge.endpoint,
    region: "sa-east-1",
    bucket: "bucket",
    forcePathStyle: true,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    encryption: { kind: "aws:kms", keyId },
    objectLock: true,
  };
  await applyProvision(await planProvision(config, portalOrigin));
});
afterEach(() => edge.close());

/** Runs it as the check does. */
async function verdict(check: "unencrypted_put_refused" | "other_key_refused") {
  return s3Checks[check]!(config, {
    store: createObjectStore(config),
    bucket: config,
    portalOrigin,
    settings: [],
    newKey: () => `custodia-check/${newId()}`,
  });
}
const notHeld = async () =>
  (await readBack({ bucket: config, portalOrigin })).filter(
    ({ outcome }) => outcome === "fails" || outcome === "unknown",
  );

/** Changes the policy as an administrator would. */
function changePolicy(change: (statements: Statement[]) => Statement[]): void {
  const policy = JSON.parse(edge.settings.get("policy")!) as { Statement: Statement[] };
  edge.settings.set("policy", JSON.stringify({ ...policy, Statement: change(policy.Statement) }));
}
const without = (name: string) =>
  changePolicy((statements) => statements.filter(({ Sid }) => Sid !== `Custodia${name}`));

it("denies uploads without encryption or with another algorithm or key, and allows the portal's own", async () => {
  expect(await verdict("unencrypted_put_refused")).toEqual({ outcome: "holds", detail: "http_403" });
  expect(await verdict("other_key_refused")).toEqual({ outcome: "holds", detail: "http_403" });
  expect(await notHeld()).toEqual([]);
  const store = createObjectStore(config);
  const { status } = await send(
    await ticketFor({ store, bucket: config, portalOrigin, settings: [], newKey: () => "k/1" }),
  );
  expect(status).toBe(200);
  expect((await store.head("k/1"))!.encryption).toEqual({ algorithm: "aws:kms", keyId });
});

it("is reported missing without the statement against unencrypted objects", async () => {
  without("EncryptedPutsOnly");
  without("RightKeyOnly");
  expect(await verdict("unencrypted_put_refused")).toEqual({ outcome: "fails", detail: "accepted" });
  expect((await notHeld()).map(({ control }) => control)).toEqual(["encrypted_puts_only", "right_key_only"]);
});

it("is reported missing without the statement against other keys, even if KMS does not know a key", async () => {
  without("RightKeyOnly");
  expect(await verdict("other_key_refused")).toEqual({ outcome: "fails", detail: "not_by_policy" });
  expect((await notHeld()).map(({ control }) => control)).toEqual(["right_key_only"]);
});

it("is reported missing when a request without a key gets Amazon's own", async () => {
  const named = {
    StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyId },
    Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
  };
  changePolicy((statements) =>
    statements.map((statement) =>
      statement.Sid === "CustodiaRightKeyOnly" ? { ...statement, Condition: named } : statement,
    ),
  );
  expect(await verdict("other_key_refused")).toEqual({ outcome: "fails", detail: "accepted" });
  expect((await planProvision(config, portalOrigin)).filter(({ state }) => state === "change")).toMatchObject([
    { control: "right_key_only", found: "another rule" },
  ]);
});

it.each([
  ["versioning", ["versioning"]],
  ["object-lock", ["object_lock", "default_retention"]],
  ["encryption", ["bucket_encryption"]],
  ["publicAccessBlock", ["public_access_block"]],
  ["policy", ["tls_only", "encrypted_puts_only", "right_key_only"]],
  ["lifecycle", ["lifecycle_unfinished_uploads", "lifecycle_delete_markers", "lifecycle_old_versions"]],
])(
  "proves the other settings when one may not be read (%s); provisioning changes nothing then",
  async (setting, controls) => {
    edge.unreadable.add(setting);
    const rows = await notHeld();
    expect(rows.map(({ control }) => control).toSorted()).toEqual(controls.toSorted());
    expect(rows.every(({ outcome, detail }) => outcome === "unknown" && detail === "forbidden")).toBe(true);
    edge.settings.delete("cors");
    await expect(applyProvision(await planProvision(config, portalOrigin))).rejects.toMatchObject({
      name: "StoreError",
      code: "forbidden",
    });
    expect(edge.settings.has("cors")).toBe(false);
  },
);
