-- AlterTable
ALTER TABLE "ApiToken" ADD COLUMN "deeds" JSONB;
