export * from "@/lib/db/schema/audit";
export * from "@/lib/db/schema/playback";
export * from "@/lib/db/schema/recordings";
export * from "@/lib/db/schema/retention";
export * from "@/lib/db/schema/service-accounts";
export * from "@/lib/db/schema/units";
export * from "@/lib/db/schema/users";
