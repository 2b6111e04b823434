/** The IANA zones of Brazil (tzdata, `zone.tab`, country BR), from east to west. */
export const brazilianTimeZones = [
  "America/Noronha",
  "America/Recife",
  "America/Maceio",
  "America/Fortaleza",
  "America/Bahia",
  "America/Sao_Paulo",
  "America/Belem",
  "America/Araguaina",
  "America/Santarem",
  "America/Campo_Grande",
  "America/Cuiaba",
  "America/Manaus",
  "America/Boa_Vista",
  "America/Porto_Velho",
  "America/Eirunepe",
  "America/Rio_Branco",
] as const;
