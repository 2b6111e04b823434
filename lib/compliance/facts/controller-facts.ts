import { currentController } from "@/lib/access/controller/controller-facts";
import { presentedFacts } from "@/lib/access/controller/read-controller";
import { unsaid, writtenDay, type FactSection } from "@/lib/compliance/facts/fact-section";
import { validTerms } from "@/lib/compliance/terms/officer-terms";
import type { ReadDatabase } from "@/lib/db/client";

/** Who the controller is (LGPD Art. 9 III and IV). */
export async function controllerSection(db: ReadDatabase): Promise<FactSection> {
  const { facts } = await currentController(db);
  const shown = presentedFacts(facts);
  return {
    ...{ key: "controller", title: "Controladora", source: "Configurações, Controladora e encarregado" },
    rows: [
      {
        title: "",
        facts: [
          ["Razão social", shown.legalName || unsaid],
          ["CNPJ", shown.cnpj ?? unsaid],
          ["Endereço", shown.address ?? unsaid],
          ["Agente de pequeno porte (Res. CD/ANPD 2/2022)", shown.smallAgent ? "sim" : "não"],
          ["Encarregado", shown.officerName ?? unsaid],
          ["Contato do encarregado", shown.contactEmail ?? shown.contactPhone ?? unsaid],
        ],
      },
    ],
  };
}

const roles = { officer: "Encarregado", substitute: "Substituto do encarregado" };

/** The acts of designation (Res. CD/ANPD 18/2024, Art. 3 and 4). */
export async function termsSection(db: ReadDatabase): Promise<FactSection> {
  const terms = await validTerms(db);
  return {
    ...{ key: "terms", title: "Encarregado e substituto", source: "Conformidade, Designações do encarregado" },
    rows: terms.map((term) => ({
      title: `${roles[term.role]}: ${term.name}`,
      facts: [
        ["Ato formal", `${term.act}, assinado em ${writtenDay(term.signedOn)}`],
        ["No exercício desde", writtenDay(term.startsOn)],
        ["Até", term.endsOn === null ? "sem fim" : `${writtenDay(term.endsOn)}, inclusive`],
      ],
    })),
  };
}
