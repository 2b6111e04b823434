ALTER TABLE "deletion_orders" ADD COLUMN "legal_ground" text;--> statement-breakpoint
ALTER TABLE "deletion_orders" ADD COLUMN "legal_ground_words" text;--> statement-breakpoint
ALTER TABLE "deletion_orders" ADD CONSTRAINT "deletion_orders_ground" CHECK ((legal_ground_words is not null) = (coalesce(legal_ground, '') = 'other'));