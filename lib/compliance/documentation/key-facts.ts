import { asc, count, desc, eq, min } from "drizzle-orm";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { auditSeals, dataKeys } from "@/lib/db/schema";
import { formatDateTime } from "@/lib/i18n/format";

type Fact = [term: string, value: string];

const when = (moment: Date) => formatDateTime(moment, env().CONTROLLER_TIME_ZONE);

/** Ids of keys, the first one in use; never the keys. */
const ids = (keys: readonly { id: string }[]) =>
  keys.map(({ id }, at) => (at === 0 ? `${id} (em uso)` : id)).join(", ");

/** Encryption, with the ids and ages of keys. */
export async function keysSection(db: ReadDatabase): Promise<FactSection> {
  const settings = env();
  const wrapping = settings.ENVELOPE_KMS_KEY_ID ?? (settings.ENVELOPE_KEYS ? ids(settings.ENVELOPE_KEYS) : "nenhuma");
  return {
    ...{ key: "keys", title: "Criptografia e chaves", source: "configuração da instalação e banco de dados" },
    rows: [
      {
        title: "Chaves da instalação (só identificadores)",
        facts: [
          ["Dados pessoais no banco (AES-256-GCM)", ids(settings.FIELD_ENCRYPTION_KEYS)],
          ["Trilha de auditoria (HMAC)", ids(settings.AUDIT_HMAC_KEYS)],
          ["Selos da trilha (Ed25519)", ids(settings.AUDIT_SIGNING_KEYS)],
          ["Links assinados", ids(settings.LINK_SIGNING_KEYS)],
          ["Chaves que protegem as chaves das gravações", wrapping],
        ],
      },
      { title: "Idade", facts: [...(await signingAges(db)), ...(await dataKeyAges(db))] },
    ],
  };
}

async function signingAges(db: ReadDatabase): Promise<Fact[]> {
  const { sealedAt, sequence, signingKeyId } = auditSeals;
  const first = (id: string) =>
    db.select({ sealedAt }).from(auditSeals).where(eq(signingKeyId, id)).orderBy(asc(sequence)).limit(1);
  const facts: Fact[] = [];
  for (const { id } of env().AUDIT_SIGNING_KEYS) {
    const [seal] = await first(id);
    facts.push([`Chave dos selos “${id}”`, seal ? `primeiro selo em ${when(seal.sealedAt)}` : "ainda sem selo"]);
  }
  return facts;
}

async function dataKeyAges(db: ReadDatabase): Promise<Fact[]> {
  const { keyId, createdAt } = dataKeys;
  const rows = await db
    .select({ keyId, keys: count(), oldest: min(createdAt) })
    .from(dataKeys)
    .groupBy(keyId)
    .orderBy(desc(count()));
  return rows.map((row) => [
    `Chaves de gravações sob “${row.keyId}”`,
    `${row.keys}, a mais antiga de ${row.oldest ? when(row.oldest) : "data desconhecida"}`,
  ]);
}
