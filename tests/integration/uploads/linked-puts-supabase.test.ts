import { SupabaseEdge } from "../../support/supabase/edge-server";
import { describeLinkedPuts } from "./linked-puts";

describeLinkedPuts("Supabase, sealed", async () => {
  const edge = await SupabaseEdge.start();
  edge.bucket("recordings");
  Object.assign(process.env, {
    STORE: "supabase",
    SUPABASE_URL: edge.url,
    SUPABASE_SERVICE_KEY: edge.serviceKey,
    SUPABASE_BUCKET: "recordings",
    RECORDING_ENCRYPTION: "envelope",
  });
  return () => edge.close();
});
