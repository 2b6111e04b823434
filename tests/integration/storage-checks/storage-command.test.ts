import { DeleteBucketCorsCommand, HeadBucketCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { expect, it, vi } from "vitest";
import { checkCommand } from "../../../scripts/storage/check-command";
import { provisionCommand } from "../../../scripts/storage/provision-command";
import type { PortalRights } from "@/scripts/storage/portal-rights";
import { runAtTerminal, runCommand } from "../../support/run-command";
import { describeS3 } from "../../support/test-s3";
import { configureS3 } from "../../support/configure-s3";

const script = "scripts/storage.ts";

/** What a command prints, and its exit code. */
async function printed(command: () => Promise<number>): Promise<{ code: number; text: string }> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    const code = await command();
    return { code, text: log.mock.calls.map(([text]) => String(text)).join("\n") };
  } finally {
    log.mockRestore();
  }
}

await describeS3("npm run storage", ({ client, configOf, bucketPrefix }) => {
  const config = configOf(`${bucketPrefix}-command-${Date.now().toString(36)}`);
  configureS3(config);
  const exists = () =>
    client.send(new HeadBucketCommand({ Bucket: config.bucket })).then(
      () => true,
      () => false,
    );
  const question = `to the bucket ${config.bucket}? [y/N]`;

  it("shows the differences and changes nothing without confirmation", async () => {
    const [unasked, declined, dry] = await Promise.all([
      runCommand(script, ["provision"]),
      runAtTerminal(script, ["provision"], { question, answer: "n" }),
      runCommand(script, ["provision", "--dry-run", "--json"]),
    ]);
    expect(unasked).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/bucket +CHANGE +missing +exists/),
      stderr: expect.stringContaining("there is no terminal for the confirmation. Run it in a terminal, or use --yes"),
    });
    expect(declined).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/CHANGE[^]*\[y\/N\][^]*Nothing was changed\./),
    });
    expect(dry.code).toBe(0);
    const { applied, steps, portalRights } = JSON.parse(dry.stdout) as {
      applied: boolean;
      steps: unknown[];
      portalRights: PortalRights;
    };
    expect(applied).toBe(false);
    expect(steps).toContainEqual({ control: "bucket", state: "change", found: "missing", wanted: "exists" });
    expect(steps).toContainEqual(expect.objectContaining({ control: "lifecycle_by_age", state: "declined" }));
    expect(portalRights).toMatchObject({
      policy: { Statement: expect.arrayContaining([expect.objectContaining({ Sid: "CustodiaObjects" })]) },
      optional: { Sid: "CustodiaReadSettings" },
    });
    expect(await exists()).toBe(false);
  });

  it("applies what is confirmed at the terminal, and has nothing to do the second time", async () => {
    const agreed = await runAtTerminal(script, ["provision"], { question, answer: "y" });
    expect(agreed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /CHANGE[^]*\[y\/N\][^]*Done\.[^]*CustodiaObjects[^]*Optional[^]*CustodiaReadSettings/,
      ),
    });
    const again = await runCommand(script, ["provision"]);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing to do: the bucket is correct."),
      stderr: "",
    });
    expect(again.stdout).not.toContain("CHANGE");
  });

  it("checks with an exit code for programs, and repairs without a prompt when asked to", async () => {
    const whole = await printed(() => checkCommand({ json: true }));
    expect(whole.code).toBe(0);
    expect((JSON.parse(whole.text) as { results: unknown[] }).results).toContainEqual({
      control: "upload_by_link",
      outcome: "holds",
      detail: null,
    });
    await client.send(new DeleteBucketCorsCommand({ Bucket: config.bucket }));
    const failing = await printed(() => checkCommand({}));
    expect(failing).toMatchObject({
      code: 1,
      text: expect.stringMatching(
        /cors_for_the_portal +FAIL[^]*lifecycle_by_age +not wanted[^]*1 of \d+ controls fail/,
      ),
    });
    expect(await printed(() => provisionCommand({ yes: true }))).toMatchObject({
      code: 0,
      text: expect.stringMatching(/cors +CHANGE +off[^]*Done\./),
    });
    expect((await printed(() => provisionCommand({}))).text).toContain("Nothing to do");
  });

  it.skipIf(config.profile !== "ceph")(
    "names the settings that its keys may not read, and changes nothing then",
    async () => {
      const Statement = [
        { Effect: "Deny", Principal: "*", Action: "s3:GetBucketCORS", Resource: `arn:aws:s3:::${config.bucket}` },
      ];
      await client.send(
        new PutBucketPolicyCommand({
          Bucket: config.bucket,
          Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
        }),
      );
      const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
      for (const how of [{ yes: true }, { dryRun: true }]) {
        expect(await printed(() => provisionCommand(how))).toMatchObject({
          code: 1,
          text: expect.stringMatching(/right_key_only +CHANGE[^]*cors +UNREADABLE +forbidden/),
        });
        expect(said).toHaveBeenLastCalledWith(
          "Nothing was changed: some settings could not be read (cors: forbidden).",
        );
      }
      said.mockRestore();
    },
  );
});
