import type { Build, Engine, Facts } from '@tradewind/protocol'

/** What placement knows of a device. */
export type PlacementDevice = {
  deviceClass: string
  facts: Facts
  /** engines that are there; left out: the one that comes with the agent */
  engines?: EngineHere[]
  /** sha256 of the model files that it holds already */
  holds?: ReadonlySet<string>
  labels?: Record<string, string>
  serving?: Serving
}

/** `build` counts up with the engine's releases; null: the one that Tradewind pins, which is new enough. */
export type EngineHere = { engine: Engine; build: number | null }

/** The build that a device runs now, and what it holds of host memory and of the cards' memory, in bytes. */
export type Serving = { build: string; memoryBytes?: number; cardBytes?: number }

/** What the agents measured of a build on a device class. Speeds in tokens a second. */
export type Measurement = {
  build: string
  deviceClass: string
  /** memory held, and what was estimated for the same options */
  residentBytes?: number
  estimatedBytes?: number
  promptPerSecond?: number
  generationPerSecond?: number
}

export type Measured = (build: Build, device: PlacementDevice) => Measurement | undefined

/** Looks measurements up by build and device class; of two for the same the later in the list counts. */
export function measuredBy(measurements: Measurement[]): Measured {
  const byBuild = new Map<string, Map<string, Measurement>>()
  for (const one of measurements) {
    const byClass = byBuild.get(one.build) ?? new Map<string, Measurement>()
    byBuild.set(one.build, byClass.set(one.deviceClass, one))
  }
  return ({ id }, { deviceClass }) => byBuild.get(id)?.get(deviceClass)
}

/** llama-server, because the agent brings it. */
export const broughtEngines: EngineHere[] = [{ engine: 'llama-server', build: null }]
