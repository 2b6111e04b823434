import { PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect, test } from "vitest";
import { smallAudio } from "../../support/audio-fixtures";
import { configureS3 } from "../../support/configure-s3";
import { signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { describeS3 } from "../../support/test-s3";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

await describeS3("an unknown S3 server", ({ client, configOf, makeBucket }) => {
  const file = smallAudio();
  let Bucket: string;
  let system: PhoneSystem;
  let dpo: SignedIn;

  beforeAll(async () => {
    Bucket = await makeBucket("unknown-make", { versioned: false });
    configureS3({ ...configOf(Bucket), profile: "generic", versioning: true });
    system = await phoneSystem();
    dpo = await signedInAs("dpo");
  });

  async function sent(metadata: unknown): Promise<string> {
    const { id, upload } = (await (await askTicket(system.headers, metadata)).json()) as Ticket;
    expect(
      (await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(file.bytes) })).status,
    ).toBe(200);
    return id;
  }

  const setVersions = (Status: "Enabled" | "Suspended") =>
    client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

  test("whose bucket keeps no versions, against the settings: no upload is answered stored", async () => {
    const metadata = callMetadata(system.unitCode, file);
    const id = await sent(metadata);
    expect(await problemOf(await complete(system.headers, id))).toMatchObject(refusal(503, "store_unavailable"));
    await setVersions("Enabled");
    await setVersions("Suspended");
    expect(await problemOf(await complete(system.headers, await sent(metadata)))).toMatchObject(
      refusal(503, "store_unavailable"),
    );
    expect(await recordingRow(id)).toMatchObject({ state: "pending", objectKey: null });
    expect(await eventsAbout(id, "recording.stored")).toEqual([]);

    await setVersions("Enabled");
    expect((await complete(system.headers, await sent(metadata))).status).toBe(200);
    expect(await recordingRow(id)).toMatchObject({ state: "stored" });
  });

  test("plays the version in custody when other bytes arrive under the same key", async () => {
    await setVersions("Enabled");
    const id = await sent(callMetadata(system.unitCode, file));
    expect((await complete(system.headers, id)).status).toBe(200);
    const { objectKey, objectVersionId } = await recordingRow(id);
    const other = Buffer.from(file.bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
    const { VersionId } = await client.send(
      new PutObjectCommand({ Bucket, Key: objectKey!, Body: other, ContentType: file.contentType }),
    );
    expect(VersionId).not.toBe(objectVersionId);
    expect((await bytesOf(await listen(dpo.cookie, (await grantOf(dpo, id)).url))).equals(file.bytes)).toBe(true);
  });
});
