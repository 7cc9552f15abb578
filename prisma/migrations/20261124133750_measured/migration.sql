-- AlterTable
ALTER TABLE "Sync" ADD COLUMN "serving" JSONB;

-- CreateTable
CREATE TABLE "Measurement" (
    "deviceId" TEXT NOT NULL,
    "build" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "deviceClass" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    PRIMARY KEY ("deviceId", "build"),
    CONSTRAINT "Measurement_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
