-- CreateTable
CREATE TABLE "Unplaced" (
    "deviceId" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "workloadId" TEXT,
    "workloadVersion" INTEGER,
    "build" TEXT,
    "detail" JSONB NOT NULL,
    CONSTRAINT "Unplaced_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Baseline" (
    "build" TEXT NOT NULL,
    "deviceClass" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "deviceId" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    PRIMARY KEY ("build", "deviceClass")
);
