import { DeleteBucketCorsCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import { expect, it, vi } from "vitest";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { provisionCommand } from "../../../scripts/storage/provision-command";
import { runAtTerminal, runCommand } from "../../support/run-command";
import { describeS3 } from "../../support/test-s3";

const script = "scripts/storage.ts";

/** The installation's environment for a bucket. */
function settingsOf({ bucket, endpoint = "", region, profile, credentials, forcePathStyle, encryption }: S3StoreConfig): Record<string, string | undefined> {
  const { accessKeyId, secretAccessKey } = credentials as { accessKeyId: string; secretAccessKey: string };
  return {
    ...{ STORE: "s3", S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region, S3_PROFILE: profile, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
    ...{ S3_FORCE_PATH_STYLE: String(forcePathStyle), S3_ENCRYPTION: encryption.kind, S3_KMS_KEY_ID: encryption.kind === "aws:kms" ? encryption.keyId : "" },
  };
}

await describeS3("npm run storage", ({ client, configOf, bucketPrefix }) => {
  const config = configOf(`${bucketPrefix}-command-${Date.now().toString(36)}`);
  const changes = settingsOf(config);
  const storage = (...args: string[]) => runCommand(script, args, changes);
  const exists = () => client.send(new HeadBucketCommand({ Bucket: config.bucket })).then(() => true, () => false);
  const question = `to the bucket ${config.bucket}? [y/N]`;

  it("shows the difference, and changes nothing unless it is told to", async () => {
    const [unasked, declined, dry] = await Promise.all([
      storage("provision"),
      runAtTerminal(script, ["provision"], { question, answer: "n", changes }),
      storage("provision", "--dry-run", "--json"),
    ]);
    expect(unasked).toMatchObject({ code: 1, stdout: expect.stringMatching(/bucket +CHANGE +missing +exists/), stderr: expect.stringContaining("nobody can be asked here. Run it at a terminal, or with --yes") });
    expect(declined).toMatchObject({ code: 1, stdout: expect.stringMatching(/CHANGE[^]*\[y\/N\][^]*Nothing was changed\./) });
    expect(dry.code).toBe(0);
    const { applied, steps, iamPolicy } = JSON.parse(dry.stdout) as { applied: boolean; steps: unknown[]; iamPolicy: { Statement: unknown[] } };
    expect(applied).toBe(false);
    expect(steps).toContainEqual({ control: "bucket", state: "change", found: "missing", wanted: "exists" });
    expect(iamPolicy.Statement).toContainEqual(expect.objectContaining({ Sid: "CustodiaObjects" }));
    expect(await exists()).toBe(false);
  });

  it("applies what is agreed to, has nothing to do the second time, and checks it", async () => {
    const agreed = await runAtTerminal(script, ["provision"], { question, answer: "y", changes });
    expect(agreed).toMatchObject({ code: 0, stdout: expect.stringMatching(/CHANGE[^]*\[y\/N\][^]*Done\.[^]*CustodiaObjects/) });
    const [again, checked] = await Promise.all([storage("provision"), storage("check", "--json")]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do: the bucket is as wanted."), stderr: "" });
    expect(again.stdout).not.toContain("CHANGE");
    expect(checked.code).toBe(0);
    expect((JSON.parse(checked.stdout) as { results: unknown[] }).results).toContainEqual({ control: "upload_by_link", outcome: "holds", detail: null });

    await client.send(new DeleteBucketCorsCommand({ Bucket: config.bucket }));
    const failing = await storage("check");
    expect(failing).toMatchObject({ code: 1, stdout: expect.stringMatching(/cors_for_the_portal +DOES NOT HOLD[^]*1 of \d+ controls do not hold/) });
    expect((await storage("provision", "--yes")).stdout).toMatch(/cors +CHANGE +off[^]*Done\./);
  });
});

it("has no bucket to provision where recordings lie on the disk", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await provisionCommand({ yes: true })).toBe(2);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("STORE=disk"));
});
