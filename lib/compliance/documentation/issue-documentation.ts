import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { controlGroups } from "@/lib/compliance/controls";
import { accessSection } from "@/lib/compliance/documentation/access-facts";
import { backupSection, deletionSection, exceptionsSection } from "@/lib/compliance/documentation/custody-facts";
import { keysSection } from "@/lib/compliance/documentation/key-facts";
import { documentsSection, logSection, requestsSection } from "@/lib/compliance/documentation/log-facts";
import { signedDocument } from "@/lib/compliance/documents/signed-document";
import { controllerSection, termsSection } from "@/lib/compliance/facts/controller-facts";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import { measuresSection } from "@/lib/compliance/facts/measures-facts";
import { retentionSection } from "@/lib/compliance/facts/processing-facts";
import { storageSection } from "@/lib/compliance/facts/storage-places";
import { newId } from "@/lib/core/new-id";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * What is configured and proved now, as a signed PDF in Portuguese for an audit: made from the system each time, so it
 * is never out of date. It has ids of keys and no keys, and names nobody but controller and encarregado.
 */
export const issueDocumentation = command({
  permission: "compliance:document",
  input: z.object({}),
  audits: ["compliance.documentation_issued"],
  prepare: async ({ db }) => {
    const now = new Date();
    const sections = await documentationSections(db, now);
    const number = `AUD-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}`;
    const lead = ["Documentação para auditoria: o que está configurado e o que foi verificado neste momento."];
    const parts = { title: "Documentação para auditoria", number, lead, texts: [], sections };
    return {
      number,
      pdf: await signedDocument(db, parts, now),
      sha256: hash("sha256", canonicalize(sections)!, "hex"),
    };
  },
  run: async ({ prepared: { number, pdf, sha256 } }) => {
    const target = { type: "documentation", id: newId() };
    const audits = [auditEvent("compliance.documentation_issued", { target, details: { number, sha256 } })] as const;
    return { result: { name: `custodia-${number}.pdf`, contentType: "application/pdf", body: pdf }, audits };
  },
});

/** The facts of the documentation, each section with its source. */
export async function documentationSections(db: ReadDatabase, now: Date): Promise<FactSection[]> {
  return [
    await controllerSection(db),
    await termsSection(db),
    await documentsSection(db),
    await keysSection(db),
    await accessSection(db),
    await retentionSection(db),
    await exceptionsSection(db),
    await deletionSection(db, now),
    await logSection(db),
    await requestsSection(db, now),
    storageSection(),
    await backupSection(db, now),
    await measuresSection(db, Object.keys(controlGroups) as (keyof typeof controlGroups)[]),
  ];
}
