import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/** Whether Brazil has this area code: "11", not "20". */
export function isAreaCode(areaCode: string): boolean {
  return /^[1-9]{2}$/.test(areaCode) && (parsePhoneNumberFromString(`+55${areaCode}999999999`)?.isValid() ?? false);
}
