import { startFaultProxy } from "../../support/fault-proxy";
import { SupabaseEdge } from "../../support/supabase/edge-server";
import { describeLinkedPuts } from "./linked-puts";

describeLinkedPuts("Supabase, sealed", async () => {
  const edge = await SupabaseEdge.start();
  edge.bucket("recordings");
  const proxy = await startFaultProxy(edge.url);
  Object.assign(process.env, {
    STORE: "supabase",
    SUPABASE_URL: proxy.endpoint,
    SUPABASE_SERVICE_KEY: edge.serviceKey,
    SUPABASE_BUCKET: "recordings",
    RECORDING_ENCRYPTION: "envelope",
  });
  return { proxy, close: async () => void (await Promise.all([proxy.close(), edge.close()])) };
});
