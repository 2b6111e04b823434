import { createObjectStore } from "@/lib/storage/store-from-config";
import { isThorough } from "../../support/seeds";
import { SupabaseEdge } from "../../support/supabase/edge-server";
import { describeStore } from "./conformance";

const { TEST_SUPABASE_URL, TEST_SUPABASE_SERVICE_KEY, TEST_SUPABASE_BUCKET = "custodia-test" } = process.env;

/** Where they differ: tests/integration/storage/supabase-surprises.test.ts. */
const backends = isThorough ? (["s3", "file"] as const) : (["s3"] as const);

for (const backend of backends)
  describeStore(`supabase with the backend ${backend}, answered as measured`, async () => {
    const edge = await SupabaseEdge.start();
    edge.backend = backend;
    edge.bucket("recordings");
    const childConfig = {
      kind: "supabase" as const,
      url: edge.url,
      serviceKey: edge.serviceKey,
      bucket: "recordings",
      maxUploadBytes: 1024 ** 3,
    };
    return { store: createObjectStore(childConfig), childConfig, versioned: false, close: () => edge.close() };
  });

if (TEST_SUPABASE_URL && TEST_SUPABASE_SERVICE_KEY) {
  describeStore("supabase, the live server of TEST_SUPABASE_URL", async () => {
    const childConfig = {
      kind: "supabase" as const,
      url: TEST_SUPABASE_URL,
      serviceKey: TEST_SUPABASE_SERVICE_KEY,
      bucket: TEST_SUPABASE_BUCKET,
      maxUploadBytes: 1024 ** 3,
    };
    return { store: createObjectStore(childConfig), childConfig, versioned: false, close: async () => undefined };
  });
}
