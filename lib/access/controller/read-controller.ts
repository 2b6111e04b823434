import { z } from "zod";
import { currentController, type ControllerFacts } from "@/lib/access/controller/controller-facts";
import { missingFacts, type MissingFact } from "@/lib/access/controller/missing-facts";
import { officerAccounts, type OfficerAccount } from "@/lib/access/controller/officer-accounts";
import { phoneText } from "@/lib/core/numbers/phone-text";
import { presentTaxId } from "@/lib/core/tax-id";
import { query } from "@/lib/operation/operation";

/** The settings in force, as their form shows them. `version` 0: nobody has said anything. */
export type ControllerSettings = {
  version: number;
  facts: ControllerFacts;
  accounts: OfficerAccount[];
  missing: MissingFact[];
};

/** The controller's settings, the accounts to choose from, and what is missing. */
export const readController = query({
  permission: "controller:read",
  input: z.object({}),
  run: async ({ db }): Promise<ControllerSettings> => {
    const { version, facts } = await currentController(db);
    const accounts = await officerAccounts(db, facts);
    return { version, facts: presentedFacts(facts), accounts, missing: missingFacts(facts, accounts) };
  },
});

/** The same facts with numbers as people write them; saving them again changes nothing. */
export function presentedFacts<Facts extends Pick<ControllerFacts, "cnpj" | "phone" | "contactPhone">>(facts: Facts) {
  const { cnpj, phone, contactPhone } = facts;
  return {
    ...facts,
    cnpj: cnpj && presentTaxId({ kind: "cnpj", value: cnpj }, true),
    phone: phone && phoneText(phone),
    contactPhone: contactPhone && phoneText(contactPhone),
  };
}
