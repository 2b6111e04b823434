import { configureS3 } from "../../support/configure-s3";
import { describeS3 } from "../../support/test-s3";
import { describeLinkedPuts } from "./linked-puts";

await describeS3("links over a bucket without versions", ({ configOf, makeBucket }) => {
  describeLinkedPuts("S3 without versions, sealed", async () => {
    configureS3(
      { ...configOf(await makeBucket("linked-puts", { versioned: false })), encryption: { kind: "none" } },
      { S3_VERSIONING: "false", RECORDING_ENCRYPTION: "envelope" },
    );
    return async () => undefined;
  });
});
