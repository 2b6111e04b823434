import { changeController } from "@/lib/access/controller/change-controller";
import { readController } from "@/lib/access/controller/read-controller";
import type { OperationContext } from "@/lib/operation/operation";

/** Says who the example company is, and who its encarregado: the example account of the DPO. */
export async function seedController(admin: OperationContext): Promise<void> {
  const { version, accounts } = await readController(admin, {});
  if (version > 0) return;
  const officer = accounts.find(({ isActiveDpo }) => isActiveDpo)!;
  await changeController(admin, {
    version,
    legalName: "Custodia Demonstração Ltda.",
    tradeName: "Custodia Demonstração",
    cnpj: "11.222.333/0001-81",
    address: "Avenida Paulista, 1000, Bela Vista, São Paulo - SP, 01310-100",
    email: "contato@custodia.example",
    phone: "(11) 3333-4444",
    privacyNoticeUrl: "https://custodia.example/privacidade",
    officerName: officer.name,
    contactEmail: "encarregado@custodia.example",
    contactPhone: "0800 123 4567",
    officerAppointment: "Ato de indicação 1/2026",
    officerAppointedOn: "2026-01-05",
    officerUserId: officer.id,
    substituteName: "Selma Substituta",
    substituteAppointment: "Ato de indicação 2/2026",
    substituteAppointedOn: "2026-01-05",
    // Several people try the example's accounts at once.
    maxSessions: 50,
  });
}
