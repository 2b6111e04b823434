import { singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { brazilianTimeZones } from "@/lib/access/units/brazilian-time-zones";
import { isAreaCode } from "@/lib/core/numbers/area-code";

/** An empty field of a form takes the value away; a field that is not sent leaves it as it is. */
const orNone = (value: z.ZodType<string, string>) =>
  z
    .union([z.literal("").transform(() => null), value])
    .nullable()
    .optional();

/** How a phone system dials: of a unit, or of a source. */
export const diallingInput = {
  areaCode: orNone(z.string().trim().refine(isAreaCode, "not_an_area_code")),
  outsidePrefix: orNone(
    z
      .string()
      .trim()
      .regex(/^\d{1,4}$/, "not_a_prefix"),
  ),
};

/** The facts of a unit that may change. */
export const unitInput = {
  name: singleLine(120),
  timeZone: z.enum(brazilianTimeZones),
  ...diallingInput,
};
