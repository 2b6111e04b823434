import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseKeyList } from "@/lib/core/crypto/key-list";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { SupabaseEdge } from "../../support/supabase/edge-server";
import { isThorough } from "../../support/seeds";
import { describeS3 } from "../../support/test-s3";
import { describeStore } from "./conformance";
import { sealedStore } from "../../support/sealed-store";
import { serveLinkedStore } from "./serve-linked-store";

const keyText = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
/** The prefix of the suite's objects. */
const sealedPrefix = "t-";

describeStore("disk, sealed", async () => {
  const rootPath = await mkdtemp(path.join(tmpdir(), "custodia-store-"));
  const texts = { encryptionKeys: keyText("k1"), linkSigningKeys: keyText("l1") };
  const config = { kind: "disk" as const, rootPath, publicBaseUrl: "http://localhost:1" };
  const plain = createObjectStore({
    ...config,
    encryptionKeys: parseKeyList(texts.encryptionKeys, 32),
    linkSigningKeys: parseKeyList(texts.linkSigningKeys, 32),
  });
  const { store, close } = await serveLinkedStore((origin) => sealedStore(plain, sealedPrefix, origin));
  return {
    store,
    versioned: false,
    childConfig: { ...config, ...texts, sealedPrefix },
    close: async () => {
      await close();
      await rm(rootPath, { recursive: true });
    },
  };
});

/** Sealing and each kind of store have their own runs of the contract: of their pairs the usual run has two. */
if (isThorough)
  describeStore("supabase, sealed", async () => {
    const edge = await SupabaseEdge.start();
    edge.bucket("recordings");
    const config = {
      kind: "supabase" as const,
      url: edge.url,
      serviceKey: edge.serviceKey,
      bucket: "recordings",
      maxUploadBytes: 1024 ** 3,
    };
    const { store, close } = await serveLinkedStore((origin) =>
      sealedStore(createObjectStore(config), sealedPrefix, origin),
    );
    return {
      store,
      versioned: false,
      childConfig: { ...config, sealedPrefix },
      close: () => close().then(() => edge.close()),
    };
  });

await describeS3("s3, sealed", ({ configOf, makeBucket }) => {
  const open = (name: string, versioned: boolean) => async () => {
    const config = { ...configOf(await makeBucket(name, { versioned })), versioning: versioned };
    const { store, close } = await serveLinkedStore((origin) =>
      sealedStore(createObjectStore(config), sealedPrefix, origin),
    );
    return { store, versioned, childConfig: { ...config, sealedPrefix }, close };
  };

  if (isThorough) describeStore("s3 without versions, sealed", open("sealed-plain", false));
  describeStore("s3 with versions, sealed", open("sealed-versioned", true));
});
