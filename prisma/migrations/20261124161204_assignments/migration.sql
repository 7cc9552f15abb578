-- AlterTable
ALTER TABLE "Sync" ADD COLUMN "holds" JSONB;
ALTER TABLE "Sync" ADD COLUMN "seeking" JSONB;
ALTER TABLE "Sync" ADD COLUMN "smoke" JSONB;

-- CreateTable
CREATE TABLE "Label" (
    "deviceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    PRIMARY KEY ("deviceId", "name"),
    CONSTRAINT "Label_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Workload" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "changedAt" DATETIME NOT NULL,
    "changedBy" TEXT NOT NULL,
    "placedVersion" INTEGER NOT NULL DEFAULT 0,
    "rolloutPlan" JSONB,
    "deletedAt" DATETIME
);

-- CreateTable
CREATE TABLE "WorkloadVersion" (
    "workloadId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    PRIMARY KEY ("workloadId", "version"),
    CONSTRAINT "WorkloadVersion_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Assignment" (
    "deviceId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "rolloutId" TEXT,
    "workloadId" TEXT,
    "workloadVersion" INTEGER,
    "build" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "decision" JSONB,

    PRIMARY KEY ("deviceId", "revision"),
    CONSTRAINT "Assignment_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Proposal" (
    "deviceId" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "workloadId" TEXT NOT NULL,
    "workloadVersion" INTEGER NOT NULL,
    "build" TEXT NOT NULL,
    "instead" TEXT NOT NULL,
    "gain" REAL,
    "dismissedAt" DATETIME,
    "dismissedBy" TEXT,
    CONSTRAINT "Proposal_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Rollout" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "workloadId" TEXT,
    "state" TEXT NOT NULL,
    "endedAt" DATETIME,
    "body" JSONB NOT NULL
);

-- CreateTable
CREATE TABLE "ResolvedFile" (
    "repository" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("repository", "path")
);

-- CreateIndex
CREATE INDEX "Label_name_value_idx" ON "Label"("name", "value");

-- CreateIndex
CREATE INDEX "Assignment_rolloutId_idx" ON "Assignment"("rolloutId");

-- CreateIndex
CREATE INDEX "Rollout_state_idx" ON "Rollout"("state");
