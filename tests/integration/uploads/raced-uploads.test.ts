import { afterAll, beforeAll } from "vitest";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { phoneSystem, sendBytes, type PhoneSystem } from "../../support/uploads";
import { describeRacedUploads } from "./raced-uploads";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});
afterAll(() => server.close());

describeRacedUploads("one signed PUT to the disk store", {
  system: () => system,
  send: async (ticket, file) => {
    const sent = await sendBytes(ticket, file.bytes);
    if (!sent.ok) throw new Error(String(sent.status));
  },
});
