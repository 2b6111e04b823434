import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";
import { createObjectStore } from "@/lib/storage/store-from-config";

describe("addresses of stores", () => {
  it.each([
    "https://s3.example.com",
    "https://10.0.0.5:9000",
    "http://localhost:9000",
    "http://127.0.0.1:9000",
    "http://127.8.9.1",
    "http://[::1]:9000",
  ])("accepts %s", (address) => {
    expect(assertSecureEndpoint(address, "The endpoint").href).toContain(new URL(address).host);
  });

  it.each([
    "http://s3.example.com",
    "http://10.0.0.5:9000",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "ftp://localhost",
    "https://key:secret@s3.example.com",
    "s3.example.com",
    "",
  ])("refuses %j, already when the store is created", (address) => {
    const refused = expect.objectContaining({ code: "invalid_request" });
    expect(() => assertSecureEndpoint(address, "The endpoint")).toThrow(refused);
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    expect(() =>
      createObjectStore({
        kind: "s3",
        endpoint: address,
        region: "x",
        bucket: "b",
        credentials,
        forcePathStyle: true,
        encryption: { kind: "none" },
        profile: "generic",
      }),
    ).toThrow(refused);
    const keys = [{ id: "k", secret: randomBytes(32) }] as const;
    expect(() =>
      createObjectStore({
        kind: "disk",
        rootPath: "/nowhere",
        encryptionKeys: keys,
        linkSigningKeys: keys,
        publicBaseUrl: address,
      }),
    ).toThrow(refused);
  });
});
