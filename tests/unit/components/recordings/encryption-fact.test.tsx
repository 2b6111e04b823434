import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { EncryptionFact } from "@/components/recordings/encryption-fact";
import { loadMessages } from "@/lib/i18n/namespaces";
import { describeEncryption } from "@/lib/recordings/encryption-description";

const messages = await loadMessages("pt-BR");
const shown = (...[encryption, wrappingKeyId]: Parameters<typeof describeEncryption>) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale="pt-BR" timeZone="UTC" messages={messages as never}>
      <EncryptionFact encryption={describeEncryption(encryption, wrappingKeyId)} />
    </NextIntlClientProvider>,
  );

const arn = "arn:aws:kms:sa-east-1:111122223333:key/6f0c9d1e-aaaa-bbbb-cccc-1234567890ab";

test.each<[string, Parameters<typeof describeEncryption>, string, string | null]>([
  [
    "sealed by the portal, wrapped by a key of the environment",
    [{ algorithm: "custodia:aes256-gcm", keyId: "k1" }, "k2"],
    "AES-256-GCM pelo portal, com uma chave exclusiva",
    "k2",
  ],
  [
    "sealed by the portal, wrapped by a key service",
    [{ algorithm: "custodia:aes256-gcm", keyId: `kms:${arn}` }, `kms:${arn}`],
    "AES-256-GCM pelo portal, com uma chave exclusiva",
    "6f0c9d1e-aaaa-bbbb-cccc-1234567890ab",
  ],
  [
    "encrypted by the disk store",
    [{ algorithm: "custodia:aes256-gcm", keyId: "k1" }, null],
    "AES-256-GCM, com as chaves desta instalação",
    "k1",
  ],
  [
    "encrypted by the provider under the customer's key",
    [{ algorithm: "aws:kms", keyId: arn }, null],
    "SSE-KMS (chave do cliente no provedor)",
    "6f0c9d1e-aaaa-bbbb-cccc-1234567890ab",
  ],
  ["encrypted by the provider under its own", [{ algorithm: "AES256", keyId: null }, null], "SSE-S3", null],
  ["of which the store says nothing", [null, null], "Não verificável: o armazenamento não informa", null],
])("a recording %s: named, with its key and no account", (_, facts, name, key) => {
  const html = shown(...facts);
  expect(html).toContain(name);
  if (key) expect(html).toContain(`title="${key}"`);
  else expect(html).not.toContain("<code");
  expect(html).not.toContain("111122223333");
});
