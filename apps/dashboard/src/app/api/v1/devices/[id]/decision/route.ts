import { decide, explain, measuredBy, workloadFor } from '@tradewind/fleet'
import { endpoint } from '../../../../../../server/endpoint'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

const undecided = { workload: null, tied: [] as string[], decision: null, outcome: null, words: null }

export const GET = endpoint('GET /devices/{id}/decision', async ({ params: { id } }) => {
  const opened = await store()
  const [device] = await opened.placedDevices([id])
  if (!device) throw noSuch('device that has reported')
  const selection = workloadFor(
    device,
    (await opened.workloads()).map((row) => row.workload),
  )
  const deviceId = id
  if (selection.kind === 'none') return { deviceId, ...undecided }
  if (selection.kind === 'tie') return { deviceId, ...undecided, tied: selection.workloads.map((one) => one.id) }
  const catalogue = await opened.catalogue()
  const { workload } = selection
  const decision = decide(device, catalogue, workload, measuredBy(await opened.measurements()))
  const words = explain(decision, catalogue)
  return { deviceId, workload: workload.id, tied: [], decision, outcome: decision.outcome, words }
})
