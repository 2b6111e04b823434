import { describe, expect, it } from "vitest";
import { auditActions } from "@/lib/operation/audit-actions";
import { findingCodes } from "@/lib/audit/verify/finding";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

describe.each(locales)("the words of the audit log in %s", async (locale) => {
  const { audit } = await loadMessages(locale);
  const sentences = audit.actions as Record<string, Record<string, string>>;

  it("have a sentence for exactly the existing actions", () => {
    const written = Object.entries(sentences).flatMap(([noun, verbs]) =>
      Object.keys(verbs).map((verb) => `${noun}.${verb}`),
    );
    expect(written.sort()).toEqual([...auditActions].sort());
  });

  it("name each finding", () => {
    expect(Object.keys(audit.findings).sort()).toEqual(Object.keys(findingCodes).sort());
  });
});
