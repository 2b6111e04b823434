import { yesNo, type FactSection } from "@/lib/compliance/facts/fact-section";
import { env } from "@/lib/core/env";

/** A place where recordings are stored. `country`, in Portuguese, is null where the settings do not tell it. */
export type StoragePlace = {
  /** The name of the store: `primary`, or that of the copy. */
  key: string;
  title: string;
  kind: "disk" | "s3" | "supabase";
  region: string | null;
  country: string | null;
  /** Storing there may be an international transfer, which needs a mechanism (Res. CD/ANPD 19/2024). */
  needsMechanism: boolean;
};

/** Regions of Amazon by their beginning. */
const countries: readonly [string, string][] = [
  ["sa-east-1", "Brasil"],
  ["us-", "Estados Unidos"],
  ["ca-", "Canadá"],
  ["mx-", "México"],
  ["eu-west-1", "Irlanda (UE)"],
  ["eu-west-2", "Reino Unido"],
  ["eu-west-3", "França (UE)"],
  ["eu-central-1", "Alemanha (UE)"],
  ["eu-central-2", "Suíça"],
  ["eu-north-1", "Suécia (UE)"],
  ["eu-south-1", "Itália (UE)"],
  ["eu-south-2", "Espanha (UE)"],
  ["ap-northeast-1", "Japão"],
  ["ap-southeast-1", "Singapura"],
  ["ap-southeast-2", "Austrália"],
];

/** Only Amazon's own regions tell the country. */
const countryOf = (region: string, isAmazon: boolean) =>
  isAmazon ? (countries.find(([beginning]) => region.startsWith(beginning))?.[1] ?? null) : null;

type Bucket = { profile: string; endpoint?: string | undefined; region: string };

function bucketPlace(key: string, title: string, { profile, endpoint, region }: Bucket): StoragePlace {
  const country = countryOf(region, profile === "aws" && endpoint === undefined);
  return { key, title, kind: "s3", region, country, needsMechanism: country !== "Brasil" };
}

/** The disk of the server itself: where that stands, people say with the place of the database. */
const diskPlace = (key: string, title: string): StoragePlace => ({
  ...{ key, title, kind: "disk", region: null, country: null, needsMechanism: false },
});

/** The primary store and its copies, as configured. */
export function storagePlaces(): StoragePlace[] {
  const settings = env();
  const copies = settings.STORAGE_COPIES.map((copy) =>
    copy.kind === "disk"
      ? diskPlace(copy.name, `Cópia ${copy.name}`)
      : bucketPlace(copy.name, `Cópia ${copy.name}`, copy),
  );
  return [primaryPlace(settings), ...copies];
}

function primaryPlace(settings: ReturnType<typeof env>): StoragePlace {
  const title = "Armazenamento principal";
  if (settings.STORE === "disk") return diskPlace("primary", title);
  if (settings.STORE === "supabase")
    return { ...{ key: "primary", title, kind: "supabase", region: null, country: null, needsMechanism: true } };
  const { S3_PROFILE: profile, S3_ENDPOINT: endpoint, S3_REGION: region } = settings;
  return bucketPlace("primary", title, { profile, endpoint, region });
}

const kinds = { disk: "disco do servidor", s3: "armazenamento de objetos S3", supabase: "Supabase Storage" };

/** Places, countries and whether a transfer needs a mechanism. */
export function storageSection(): FactSection {
  const { RECORDING_ENCRYPTION: encryption, DATABASE_BACKUP_DAYS: days } = env();
  return {
    ...{ key: "storage", title: "Onde os dados ficam", source: "Configuração da instalação" },
    rows: [
      ...storagePlaces().map((place): FactSection["rows"][number] => ({
        title: place.title,
        facts: [
          ["Tipo", kinds[place.kind]],
          ["Região", place.region ?? "a do servidor"],
          ["País", place.country ?? "não informado pela configuração"],
          ["Exige mecanismo de transferência (Res. CD/ANPD 19/2024)", yesNo(place.needsMechanism)],
        ],
      })),
      {
        title: "Criptografia e cópias de segurança",
        facts: [
          [
            "Quem criptografa o áudio",
            encryption === "envelope" ? "o portal, com chave por gravação" : "o armazenamento",
          ],
          ["Cópias do banco de dados conservadas por", `${days} dias`],
        ],
      },
    ],
  };
}
