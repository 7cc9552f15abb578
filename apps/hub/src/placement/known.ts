import { type Decision, decider, isResolved, type Measured, type PlacementDevice } from '@tradewind/fleet'
import { type Baseline, type Catalogue, ResolvedBuild, type Workload } from '@tradewind/protocol'
import type { BaselineRow, WorkloadRow } from '@tradewind/store'
import type { ClipsFor } from '../smoke/kept-clips'

/** All that decisions rest on, as it was at one moment; what was measured may go on. Deciders are made once each. */
export class Known {
  #deciders = new Map<string, (device: PlacementDevice) => Decision>()
  #resolved: Map<string, ResolvedBuild>
  #baselines: Map<string, Baseline>

  constructor(
    readonly catalogue: Catalogue,
    readonly workloads: WorkloadRow[],
    private measured: Measured,
    baselines: BaselineRow[],
    private smokeClips: ClipsFor,
  ) {
    this.#resolved = new Map(resolvedBuilds(catalogue).map((build) => [build.id, build]))
    this.#baselines = new Map(baselines.map((row) => [`${row.build} ${row.deviceClass}`, row.baseline]))
  }

  workload = (id: string | null) => this.workloads.find((row) => row.id === id)
  /** Nothing where a file of it is not resolved, or there is no such build. */
  resolved = (build: string) => this.#resolved.get(build)
  baseline = (build: string, deviceClass: string) => this.#baselines.get(`${build} ${deviceClass}`)

  /** That operators added; none for a build that does not hear. */
  clips = (workload: string | null, { id, hears }: ResolvedBuild) => (hears ? this.smokeClips(workload, id) : [])

  /** `build` pins one for this decision. Without a workload there must be one, and it is held for a short context. */
  decide(device: PlacementDevice, row: WorkloadRow | null, build: string | null): Decision {
    const name = `${row?.id ?? ''} ${build ?? ''}`
    let decide = this.#deciders.get(name)
    if (!decide) {
      const workload = row?.workload ?? unasked
      decide = decider(this.catalogue, build === null ? workload : { ...workload, pin: build }, this.measured)
      this.#deciders.set(name, decide)
    }
    return decide(device)
  }
}

/** What a person who names a build and no workload is taken to ask for. */
const unasked: Workload = { id: 'unasked', useCases: [], context: 4096 }

const resolvedBuilds = ({ builds, variants }: Catalogue) =>
  builds
    .filter(({ files }) => files.every(isResolved))
    .map((build) => {
      const name = variants.find(({ id }) => id === build.variant)?.name ?? build.variant
      return ResolvedBuild.parse({ label: `${name}, ${build.quantisation}`.slice(0, 80), ...build })
    })
