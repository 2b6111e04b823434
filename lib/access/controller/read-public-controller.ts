import { z } from "zod";
import { currentController } from "@/lib/access/controller/controller-facts";
import { presentedFacts } from "@/lib/access/controller/read-controller";
import { pick } from "@/lib/core/pick";
import { query } from "@/lib/operation/operation";

/** What the law makes public, and nothing else. Without an encarregado, `contact` is the channel of a small agent. */
export type PublicController = {
  legalName: string;
  tradeName: string | null;
  cnpj: string | null;
  address: string | null;
  email: string | null;
  phone: string | null;
  privacyNoticeUrl: string | null;
  /** `firm`: a company is the encarregado, and this person answers for it. */
  officer: { name: string; firm: string | null } | null;
  contact: { email: string | null; phone: string | null };
};

/**
 * Who the controller is and how to reach it and its encarregado (LGPD Arts. 9 III-IV and 41 §1; Res. CD/ANPD 18/2024).
 * For everybody, without a sign-in. Null: nobody has said it.
 */
export const readPublicController = query({
  permission: "controller:read-public",
  input: z.object({}),
  run: async ({ db }): Promise<PublicController | null> => {
    const { version, facts } = await currentController(db);
    if (version === 0) return null;
    const shown = presentedFacts(facts);
    return {
      ...pick(shown, "legalName", "tradeName", "cnpj", "address", "email", "phone", "privacyNoticeUrl"),
      officer: shown.officerName === null ? null : { name: shown.officerName, firm: shown.officerFirm },
      contact: { email: shown.contactEmail, phone: shown.contactPhone },
    };
  },
});
