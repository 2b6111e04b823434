import { beforeAll, expect, test } from "vitest";
import { verifyUpload } from "@/lib/uploads/upload-verdict";
import { checkStorage } from "@/lib/storage-checks/check-storage";
import { readStorage } from "@/lib/storage-checks/read-storage";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { smallAudio } from "../../support/audio-fixtures";
import { job, signedInAs } from "../../support/people";
import { describeS3 } from "../../support/test-s3";
import {
  askTicket,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  putContent,
  recordingRow,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { configureS3 } from "../../support/configure-s3";

const file = smallAudio();
const options = { contentType: file.contentType, ifNoneMatch: "*" } as const;
const expected = (objectKey: string) => ({
  objectKey,
  contentType: file.contentType,
  sizeBytes: file.sizeBytes,
  sha256: Buffer.from(file.sha256, "hex"),
});

await describeS3("a store without configured encryption", ({ configOf, makeBucket, needsVersions: versioned }) => {
  let config: S3StoreConfig;
  let system: PhoneSystem;
  /** A server with default encryption reports encryption even without a request. */
  let reportsNone: boolean;

  beforeAll(async () => {
    config = {
      ...configOf(await makeBucket("unencrypted", { versioned })),
      encryption: { kind: "none" },
      versioning: versioned,
    };
    configureS3(config);
    system = await phoneSystem();
    await createObjectStore(config).put("probe", file.bytes, options);
    reportsNone = (await createObjectStore(config).head("probe"))!.encryption === "none";
  });

  test("stores a recording, with the encryption that the store reported", async () => {
    const { id } = (await (await askTicket(system.headers, plainMetadata(system.unitCode, file))).json()) as Ticket;
    expect((await putContent(system.headers, id, file.bytes)).status).toBe(200);
    const { state, encryption } = await recordingRow(id);
    expect(state).toBe("stored");
    if (reportsNone) expect(encryption).toEqual({ algorithm: "none", keyId: null });
    expect(await eventsAbout(id, "recording.stored")).toMatchObject([
      { details: { encryption: encryption?.algorithm ?? "unverifiable" } },
    ]);
  });

  test("fails the check, and the settings show it", async () => {
    const { results } = await checkStorage(job("storage-command"), {});
    if (reportsNone)
      expect(results.find(({ control }) => control === "recordings_encrypted")).toEqual({
        control: "recordings_encrypted",
        outcome: "fails",
        detail: "none",
      });
    const { encryption } = await readStorage(await (await signedInAs("admin")).context(), {});
    expect(encryption).toBe(createObjectStore(config).capabilities.encryption.length > 0 ? "none" : "unverifiable");
  });

  test("refuses an unencrypted object where encryption is configured", async () => {
    const asking = createObjectStore(configOf(config.bucket));
    await createObjectStore(config).put("recordings/bare", file.bytes, options);
    if (reportsNone && !asking.acceptsUnencrypted)
      expect(await verifyUpload(asking, expected("recordings/bare"))).toEqual({
        kind: "wrong",
        code: "encryption_missing",
        form: null,
      });
    await asking.put("recordings/sealed", file.bytes, options);
    expect(await verifyUpload(asking, expected("recordings/sealed"))).toMatchObject({
      kind: "verified",
      encryption: (await asking.head("recordings/sealed"))!.encryption,
    });
  });
});
