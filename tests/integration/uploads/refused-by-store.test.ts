import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { smallAudio } from "../../support/audio-fixtures";
import { configureS3 } from "../../support/configure-s3";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { describeS3 } from "../../support/test-s3";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  putContent,
  recordingRow,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

await describeS3("a store that refuses the portal", ({ configOf, makeBucket }) => {
  const file = smallAudio();
  let proxy: FaultProxy;
  let system: PhoneSystem;

  beforeAll(async () => {
    const config = configOf(await makeBucket("refused", { versioned: true }));
    proxy = await startFaultProxy(config.endpoint ?? `https://s3.${config.region}.amazonaws.com`);
    configureS3({ ...config, endpoint: proxy.endpoint });
    system = await phoneSystem();
  });
  beforeEach(() => {
    proxy.choose = null;
  });
  afterAll(() => proxy.close());

  /** The store's answer for revoked keys. */
  const revokeKeys = () => {
    proxy.choose = async () => "link-expired";
  };
  const ask = async (metadata: unknown) => (await (await askTicket(system.headers, metadata)).json()) as Ticket;
  const answerOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { code: string }).code,
    response.headers.get("retry-after"),
  ];

  test("makes the sender of bytes through the portal retry, and the retry succeeds", async () => {
    const { id } = await ask(plainMetadata(system.unitCode, file));
    revokeKeys();
    expect(await answerOf(await putContent(system.headers, id, file.bytes))).toEqual([503, "store_unavailable", "60"]);
    expect((await eventsAbout(id)).at(-1)).toMatchObject({
      action: "recording.upload_refused",
      details: { code: "store_unavailable" },
    });
    proxy.choose = null;
    expect((await putContent(system.headers, id, file.bytes)).status).toBe(200);
  });

  test("makes the completion retry; nothing is rejected, and it is stored then", async () => {
    const { id, upload } = await ask(callMetadata(system.unitCode, file));
    expect(
      (await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(file.bytes) })).status,
    ).toBe(200);
    revokeKeys();
    expect(await answerOf(await complete(system.headers, id))).toEqual([503, "store_unavailable", "60"]);
    expect((await recordingRow(id)).state).toBe("pending");
    proxy.choose = null;
    expect((await complete(system.headers, id)).status).toBe(200);
  });
});
