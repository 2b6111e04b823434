import { asc, eq } from "drizzle-orm";
import { writtenDay, unsaid, yesNo, type FactSection } from "@/lib/compliance/facts/fact-section";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies, serviceAccounts, units } from "@/lib/db/schema";
import { playbackPurpose } from "@/lib/db/schema";
import { loadMessages } from "@/lib/i18n/namespaces";
import { siemReceiver, type SiemReceiver } from "@/lib/notifications/siem/siem-receiver";
import { legalBasisText } from "@/lib/receipts/pdf/certificate-words";
import { selectRetentionPolicies } from "@/lib/retention/policies/policy-selection";

type Period = { value: number; unit: "day" | "month" | "year" };

const periodWords = { day: ["dia", "dias"], month: ["mês", "meses"], year: ["ano", "anos"] } as const;

const periodText = ({ value, unit }: Period) => `${value} ${periodWords[unit][value === 1 ? 0 : 1]}`;

/** What happens to the data: the operations of the portal, and the purposes that a person may state for an access. */
export async function operationsSection(): Promise<FactSection> {
  const { player } = await loadMessages("pt-BR");
  const purposes = playbackPurpose.enumValues.map((purpose) => player.purposes[purpose]);
  return {
    ...{ key: "operations", title: "Operações e finalidades", source: "Funções do portal e finalidades de acesso" },
    rows: [
      {
        title: "",
        facts: [
          ["Coleta", "recepção das gravações de chamadas enviadas pelas centrais telefônicas"],
          ["Armazenamento", "custódia dos objetos e dos metadados até o fim do prazo de retenção"],
          ["Acesso e reprodução", `só com finalidade declarada: ${purposes.join("; ")}`],
          ["Comunicação", "entrega ao titular ou a seu representante, e a autoridades, por requisição"],
          ["Eliminação", "ao fim do prazo, por ordem ou por requisição, com certificado"],
        ],
      },
    ],
  };
}

/** Categories of data and of persons, as the portal's tables hold them. */
export async function dataSection(db: ReadDatabase): Promise<FactSection> {
  const policies = await selectRetentionPolicies(db, eq(retentionPolicies.active, true));
  const sensitive = policies.some(({ hasSensitiveContent }) => hasSensitiveContent);
  return {
    ...{ key: "data", title: "Dados pessoais e titulares", source: "Estrutura do banco de dados e chamadas marcadas" },
    rows: [
      {
        title: "",
        facts: [
          ["Dados das chamadas", "voz e conteúdo da conversa; data, hora, duração, direção e fila"],
          ["Identificação", "número do cliente, CPF ou CNPJ e protocolo, quando a central os informa"],
          ["Atendentes", "código e nome"],
          ["Usuários do portal", "nome, e-mail, perfil, unidades e registros de acesso"],
          ["Requerentes", "nome, identificadores, contato da resposta e prova de representação"],
          ["Dados sensíveis (LGPD, art. 11)", yesNo(sensitive)],
          ["Titulares", "clientes e outras pessoas em chamada; atendentes; usuários do portal; requerentes"],
        ],
      },
    ],
  };
}

export async function unitsSection(db: ReadDatabase): Promise<FactSection> {
  const rows = await db.select({ name: units.name, timeZone: units.timeZone }).from(units).orderBy(asc(units.name));
  return {
    ...{ key: "units", title: "Unidades", source: "Configurações, Unidades" },
    rows: rows.map(({ name, timeZone }) => ({ title: name, facts: [["Fuso horário", timeZone]] })),
  };
}

/** The retention policies in force, with their legal bases. */
export async function retentionSection(db: ReadDatabase): Promise<FactSection> {
  const policies = await selectRetentionPolicies(db, eq(retentionPolicies.active, true));
  const byName = policies.toSorted((a, b) => a.name.localeCompare(b.name, "pt-BR"));
  return {
    ...{ key: "retention", title: "Hipóteses legais e prazos de retenção", source: "Retenção, Políticas" },
    rows: byName.map((policy) => ({
      title: policy.name,
      facts: [
        ["Hipótese legal", policy.legalBasis === null ? unsaid : legalBasisText(policy.legalBasis)],
        ["Norma ou regra", policy.source],
        ["Mínimo legal", policy.minimum === null ? "nenhum" : periodText(policy.minimum)],
        ["Eliminação após", periodText(policy.period)],
        ["Revisão até", writtenDay(policy.reviewOn)],
      ],
    })),
  };
}

const siemFact = (siem: SiemReceiver | null): [string, string][] =>
  siem ? [["SIEM", `${new URL(siem.url).host}: eventos da trilha, com identificadores e endereços de rede`]] : [];

/** Who sends recordings, and to whom data may go. The SIEM gets who did what: ids and network addresses of users. */
export async function recipientsSection(db: ReadDatabase, siem = siemReceiver()): Promise<FactSection> {
  const { name, active } = serviceAccounts;
  const senders = await db.select({ name }).from(serviceAccounts).where(eq(active, true)).orderBy(asc(name));
  return {
    ...{ key: "recipients", title: "Origens e destinatários", source: "Configurações, Contas de serviço" },
    rows: [
      ...senders.map((sender): FactSection["rows"][number] => ({
        title: sender.name,
        facts: [["Papel", "sistema que envia gravações"]],
      })),
      {
        title: "Destinatários",
        facts: [["Por requisição", "titular, representante e autoridades"], ...siemFact(siem)],
      },
    ],
  };
}
