import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { pagePolicy, presignedOrigin, verifierPolicy } from "@/lib/http/content-security-policy";

const store = {
  STORE: "s3",
  S3_REGION: "sa-east-1",
  S3_BUCKET: "calls",
  S3_ACCESS_KEY_ID: "id",
  S3_SECRET_ACCESS_KEY: "secret",
};
const environment = (changes: Record<string, string>) =>
  parseEnv({ ...process.env, NODE_ENV: "production", ...changes });

describe("the verifier in one file", () => {
  const file = readFileSync(new URL("../../../public/verify.html", import.meta.url), "utf8");
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(file)!;

  it("allows its own script and style by hash, and no network", () => {
    const hashOf = (element: string) => {
      const [, text] = new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`).exec(file)!;
      return `'sha256-${hash("sha256", text!, "base64")}'`;
    };
    const own = [`script-src ${hashOf("script")}`, `style-src ${hashOf("style")}`];
    expect(policy).toBe(["default-src 'none'", ...own, "base-uri 'none'", "form-action 'none'"].join("; "));
    expect(verifierPolicy).toMatch(/^default-src 'none'; frame-ancestors 'none';/);
    expect(verifierPolicy).not.toMatch(/connect-src|img-src|https?:|'self'|\*/);
    expect(file).not.toMatch(
      /(?:src|href|action)=|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|\beval\(|innerHTML/,
    );
  });

  it("is the only public file but the mark", () => {
    expect(readdirSync(new URL("../../../public/", import.meta.url), { recursive: true }).toSorted()).toEqual([
      "mark.svg",
      "verify.html",
    ]);
  });
});

describe("the policy of a page", () => {
  it("allows only the portal and the nonce", () => {
    const policy = pagePolicy("abc", environment({}));
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-abc';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
    expect(policy.match(/unsafe-inline/g)).toEqual(["unsafe-inline"]);
    expect(policy).not.toContain("upgrade-insecure-requests");
  });

  it("upgrades requests when the portal itself uses TLS", () => {
    expect(pagePolicy("abc", environment({ NEXTAUTH_URL: "https://custodia.example" }))).toContain(
      "upgrade-insecure-requests",
    );
  });

  it("names the store as a media source only when browsers fetch from it", () => {
    expect(pagePolicy("abc", environment({ ...store, PLAYBACK_DELIVERY: "gateway" }))).not.toContain("amazonaws");
    const policy = pagePolicy("abc", environment({ ...store, PLAYBACK_DELIVERY: "presigned" }));
    expect(policy).toContain("media-src 'self' blob: https://calls.s3.sa-east-1.amazonaws.com;");
    expect(policy).toContain("connect-src 'self' https://calls.s3.sa-east-1.amazonaws.com;");
    expect(policy).toContain("img-src 'self' data: blob:;");
  });
});

describe("presignedOrigin", () => {
  it("follows the endpoint and the address style", () => {
    const presigned = { ...store, PLAYBACK_DELIVERY: "presigned", S3_ENDPOINT: "https://minio.example:9000/" };
    expect(presignedOrigin(environment({ ...presigned, S3_FORCE_PATH_STYLE: "true" }))).toBe(
      "https://minio.example:9000",
    );
    expect(presignedOrigin(environment(presigned))).toBe("https://calls.minio.example:9000");
  });
});
