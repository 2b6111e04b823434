ALTER TABLE "recordings" ADD COLUMN "protocol_encrypted" "bytea";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "protocol_index" "bytea";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "customer_reference_encrypted" "bytea";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "customer_reference_index" "bytea";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "tax_id_kind" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "tax_id_encrypted" "bytea";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "tax_id_index" "bytea";--> statement-breakpoint
CREATE INDEX "recordings_protocol_started" ON "recordings" USING btree ("protocol_index","started_at","id") WHERE protocol_index is not null;--> statement-breakpoint
CREATE INDEX "recordings_customer_reference_started" ON "recordings" USING btree ("customer_reference_index","started_at","id") WHERE customer_reference_index is not null;--> statement-breakpoint
CREATE INDEX "recordings_tax_id_started" ON "recordings" USING btree ("tax_id_index","started_at","id") WHERE tax_id_index is not null;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_deleted_references" CHECK (state not in ('rejected', 'deleted') or num_nonnulls(protocol_encrypted, protocol_index, customer_reference_encrypted, customer_reference_index, tax_id_kind, tax_id_encrypted, tax_id_index) = 0);