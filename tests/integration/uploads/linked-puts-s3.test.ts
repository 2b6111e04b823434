import { configureS3 } from "../../support/configure-s3";
import { startFaultProxy } from "../../support/fault-proxy";
import { describeS3 } from "../../support/test-s3";
import { describeLinkedPuts } from "./linked-puts";

await describeS3("portal links over a bucket without versions", ({ configOf, makeBucket }) => {
  describeLinkedPuts("S3 without versions, sealed", async () => {
    const config = configOf(await makeBucket("linked-puts", { versioned: false }));
    const proxy = await startFaultProxy(config.endpoint!);
    configureS3(
      { ...config, endpoint: proxy.endpoint, encryption: { kind: "none" } },
      { S3_VERSIONING: "false", RECORDING_ENCRYPTION: "envelope" },
    );
    return { proxy, close: () => proxy.close() };
  });
});
