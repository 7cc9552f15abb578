-- AlterTable
ALTER TABLE "Measurement" ADD COLUMN "firstPerSecond" REAL;

-- CreateTable
CREATE TABLE "Problem" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "deviceId" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "about" TEXT,
    "severity" TEXT NOT NULL,
    "since" DATETIME NOT NULL,
    "numbers" JSONB NOT NULL,
    "endedAt" DATETIME,
    "acknowledgedAt" DATETIME,
    "acknowledgedBy" TEXT,
    "silencedUntil" DATETIME,
    "silencedBy" TEXT,
    "note" TEXT,
    CONSTRAINT "Problem_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Problem_deviceId_endedAt_idx" ON "Problem"("deviceId", "endedAt");

-- CreateIndex
CREATE INDEX "Problem_endedAt_code_deviceId_idx" ON "Problem"("endedAt", "code", "deviceId");
