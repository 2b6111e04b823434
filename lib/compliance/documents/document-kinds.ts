import { controllerSection, termsSection } from "@/lib/compliance/facts/controller-facts";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import { measuresSection } from "@/lib/compliance/facts/measures-facts";
import {
  dataSection,
  operationsSection,
  recipientsSection,
  retentionSection,
  unitsSection,
} from "@/lib/compliance/facts/processing-facts";
import { storagePlaces, storageSection } from "@/lib/compliance/facts/storage-places";
import type { ReadDatabase } from "@/lib/db/client";
import type { documentKinds } from "@/lib/db/schema/governance";

export type DocumentKind = (typeof documentKinds)[number];

/** What people complete in each document, as message keys, in order. */
const fields: Record<DocumentKind, readonly string[]> = {
  processing: ["recording", "playback", "requests", "operators", "database", "observations"],
  // Art. 38: types of data, method of collection and security, analysis of measures, safeguards and mitigation.
  impact: ["description", "necessity", "consulted", "risks", "measures", "conclusion"],
  // The phases of the ANPD's guide of 2024: purpose, necessity, balancing and safeguards.
  balancing: ["interest", "purpose", "necessity", "expectations", "impact", "safeguards", "conclusion"],
};

/** The keys of the texts of a document; in the register also `transfer:<place>`, the mechanism of each place abroad. */
export function fieldsOf(kind: DocumentKind): string[] {
  if (kind !== "processing") return [...fields[kind]];
  const abroad = storagePlaces().filter(({ needsMechanism }) => needsMechanism);
  return [...fields.processing, ...abroad.map(({ key }) => `transfer:${key}`)];
}

/** Only these are drafts until the encarregado adopts them; the register is in force once it is saved. */
export const isAdopted = (kind: DocumentKind) => kind !== "processing";

/** What the system knows now for a document. */
export async function liveSections(db: ReadDatabase, kind: DocumentKind): Promise<FactSection[]> {
  const legitimate = async () => {
    const section = await retentionSection(db);
    const isLegitimate = ([term, value]: [string, string]) => term === "Hipótese legal" && /art. 7º, IX$/.test(value);
    return { ...section, rows: section.rows.filter(({ facts }) => facts.some(isLegitimate)) };
  };
  const common = [await controllerSection(db), await operationsSection(), await dataSection(db)];
  const measures = await measuresSection(db, ["retention", "security", "access"]);
  if (kind === "balancing") return [...common, await legitimate(), measures];
  const own = kind === "processing" ? [await termsSection(db), await unitsSection(db)] : [];
  return [...common, ...own, await retentionSection(db), await recipientsSection(db), storageSection(), measures];
}
