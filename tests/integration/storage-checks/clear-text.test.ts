import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { GetBucketPolicyCommand, PutBucketPolicyCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { checkStore } from "@/lib/storage-checks/check-store";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { readBack } from "@/lib/storage-checks/bucket-settings";
import { s3Checks } from "@/lib/storage-checks/s3-checks";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { newId } from "@/lib/core/new-id";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { startClearTextFront, type ClearTextFront } from "../../support/clear-text-front";
import { describeS3 } from "../../support/test-s3";

// A check makes many requests.
vi.setConfig({ testTimeout: 180_000 });

const portalOrigin = "https://portal.example";
type Statement = { Sid: string; Condition?: object };
type Policy = { Statement: Statement[] };

await describeS3("a store with TLS", ({ configOf, bucketPrefix, tls }) => {
  describe.skipIf(!tls)(
    `the rule against clear text${tls ? "" : " (not tested: no second address with TLS, or no openssl)"}`,
    () => {
      let front: ClearTextFront;
      let config: S3StoreConfig;
      let client: S3Client;
      let policy: Policy;

      beforeAll(async () => {
        setDefaultCACertificates([...getCACertificates("default"), tls!.certificate]);
        const plain = configOf(`${bucketPrefix}-clear-text`);
        front = await startClearTextFront({ tls: tls!.endpoint, clear: plain.endpoint! });
        config = { ...plain, endpoint: front.endpoint };
        client = makeS3Client(config);
        await applyProvision(await planProvision(config, portalOrigin));
        policy = JSON.parse(
          (await client.send(new GetBucketPolicyCommand({ Bucket: config.bucket }))).Policy!,
        ) as Policy;
      });
      afterAll(() => {
        client?.destroy();
        front?.close();
      });

      /** Writes the policy with another statement for this rule, or with none. */
      async function changeRule(change: (statement: Statement) => Statement[]) {
        const changed = policy.Statement.flatMap((statement) =>
          statement.Sid === "CustodiaTlsOnly" ? change(statement) : [statement],
        );
        await client.send(
          new PutBucketPolicyCommand({
            Bucket: config.bucket,
            Policy: JSON.stringify({ ...policy, Statement: changed }),
          }),
        );
      }
      const takeAway = () => changeRule(() => []);
      const putBack = () => changeRule((statement) => [statement]);

      const notHeld = (results: StorageControlResult[]) =>
        results.filter(({ outcome }) => outcome === "fails" || outcome === "unknown").map(({ control }) => control);

      /** Runs this one control as the check does. */
      async function verdict() {
        const settings = await readBack({ bucket: config, portalOrigin });
        return s3Checks.plain_http_refused!(config, {
          store: createObjectStore(config),
          bucket: config,
          portalOrigin,
          settings,
          newKey: () => `custodia-check/${newId()}`,
        });
      }

      it("is enforced by the store, which allows TLS and refuses the rest", async () => {
        expect(policy.Statement.map(({ Sid }) => Sid)).toContain("CustodiaTlsOnly");
        const results = await checkStore({ store: createObjectStore(config), bucket: config, portalOrigin });
        expect(notHeld(results)).toEqual([]);
        expect(results).toContainEqual({ control: "plain_http_refused", outcome: "holds", detail: "http_403" });
      });

      it("is reported missing when its statement is removed, and nothing else is", async () => {
        await takeAway();
        expect(await verdict()).toEqual({ outcome: "fails", detail: "http_200" });
        expect(notHeld(await readBack({ bucket: config, portalOrigin }))).toEqual(["tls_only"]);
        expect((await planProvision(config, portalOrigin)).filter(({ state }) => state === "change")).toMatchObject([
          { control: "tls_only", found: "off" },
        ]);
      });

      it("has no effect in the form for other servers: Ceph lets clear text pass", async () => {
        await changeRule((statement) => [{ ...statement, Condition: { Bool: { "aws:SecureTransport": "false" } } }]);
        expect(await verdict()).toEqual({ outcome: "fails", detail: "http_200" });
      });

      it.each([
        ["redirect", "http_301"],
        ["firewall", "http_403"],
        ["nobody", "no_answer"],
      ] as const)(
        "is not proved by a %s in front of the store; then its statement counts",
        async (clearText, detail) => {
          front.answerClearText(clearText);
          await takeAway();
          expect(await verdict()).toEqual({ outcome: "unknown", detail });
          await putBack();
          expect(await verdict()).toEqual({ outcome: "holds", detail: "policy_read_back" });
        },
      );
    },
  );
});
