import type { SearchParams } from "@/lib/http/page-address";
import { roles, type Role } from "@/lib/operation/actor";

export type UserFilters = { role?: Role; active?: boolean; unitId?: string; cursor?: string };

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Reads the filters from the URL; ignores invalid ones. */
export function readFilters({ role, state, unit, after }: SearchParams): UserFilters {
  return {
    role: roles.find((name) => name === role),
    active: state === "active" ? true : state === "inactive" ? false : undefined,
    unitId: idOf(unit),
    cursor: idOf(after),
  };
}

function idOf(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && uuid.test(value) ? value : undefined;
}
