-- AlterTable
ALTER TABLE "Sample" ADD COLUMN "requestsWaiting" INTEGER;
ALTER TABLE "Sample" ADD COLUMN "tokensPerSecond" REAL;
ALTER TABLE "Sample" ADD COLUMN "realTimeFactor" REAL;

-- AlterTable
ALTER TABLE "Rollup" ADD COLUMN "requestsWaitingMin" INTEGER;
ALTER TABLE "Rollup" ADD COLUMN "requestsWaitingSum" REAL NOT NULL DEFAULT 0;
ALTER TABLE "Rollup" ADD COLUMN "requestsWaitingCount" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Rollup" ADD COLUMN "requestsWaitingMax" INTEGER;
ALTER TABLE "Rollup" ADD COLUMN "requestsWaitingLast" INTEGER;
ALTER TABLE "Rollup" ADD COLUMN "tokensPerSecondMin" REAL;
ALTER TABLE "Rollup" ADD COLUMN "tokensPerSecondSum" REAL NOT NULL DEFAULT 0;
ALTER TABLE "Rollup" ADD COLUMN "tokensPerSecondCount" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Rollup" ADD COLUMN "tokensPerSecondMax" REAL;
ALTER TABLE "Rollup" ADD COLUMN "tokensPerSecondLast" REAL;
ALTER TABLE "Rollup" ADD COLUMN "realTimeFactorMin" REAL;
ALTER TABLE "Rollup" ADD COLUMN "realTimeFactorSum" REAL NOT NULL DEFAULT 0;
ALTER TABLE "Rollup" ADD COLUMN "realTimeFactorCount" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Rollup" ADD COLUMN "realTimeFactorMax" REAL;
ALTER TABLE "Rollup" ADD COLUMN "realTimeFactorLast" REAL;

-- CreateTable
CREATE TABLE "Work" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "device" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "requests" REAL NOT NULL,
    "failedRequests" REAL NOT NULL,
    "audioSeconds" REAL NOT NULL,
    "hearingSeconds" REAL NOT NULL,
    "promptTokens" REAL NOT NULL,
    "generatedTokens" REAL NOT NULL,
    "generationSeconds" REAL NOT NULL,
    "engineSeconds" REAL NOT NULL
);

-- CreateTable
CREATE TABLE "WorkDone" (
    "at" BIGINT NOT NULL,
    "device" INTEGER NOT NULL,
    "requests" REAL NOT NULL,
    "failedRequests" REAL NOT NULL,
    "audioSeconds" REAL NOT NULL,
    "hearingSeconds" REAL NOT NULL,
    "promptTokens" REAL NOT NULL,
    "generatedTokens" REAL NOT NULL,
    "generationSeconds" REAL NOT NULL,
    "engineSeconds" REAL NOT NULL,

    PRIMARY KEY ("at", "device")
) WITHOUT ROWID;
