import type { DeviceDetail, ProblemRow } from '@tradewind/store'
import { DeviceProblems } from '../problems/device-problems'
import { Notice } from '../ui/notice'
import { Ago, Exactly } from '../ui/time'

type Props = {
  device: DeviceDetail
  /** that have not ended, the most urgent first */
  problems: ProblemRow[]
}

/** What of this device needs a person now, if anything, and what it likely means. */
export const Attention = ({ device, problems }: Props) => (
  <>
    <PresenceNotice device={device} />
    {device.revokedMs === null && <DeviceProblems device={device} problems={problems} />}
  </>
)

function PresenceNotice({ device: { name, presence, revokedMs } }: { device: DeviceDetail }) {
  if (revokedMs !== null)
    return (
      <Notice tone="bad" className="mb-6" title={`${name} is revoked`}>
        Since <Exactly atMs={revokedMs} /> it can no longer connect. To let it back in, enrol it as a new device.
      </Notice>
    )
  if (!presence)
    return (
      <Notice tone="neutral" className="mb-6" title={`${name} has never connected`}>
        It was enrolled, but its agent has not reached the hub yet. Check that the agent runs, and that the network lets
        it through.
      </Notice>
    )
  if (presence.state === 'lost')
    return (
      <Notice
        tone="bad"
        className="mb-6"
        title={
          <>
            Contact with {name} was lost <Ago atMs={presence.sinceMs} />
          </>
        }
      >
        It went silent without saying goodbye. It comes back by itself once the cause is mended, and then sends the
        samples it has kept.
      </Notice>
    )
  if (presence.state === 'disconnected')
    return (
      <Notice
        tone="attention"
        className="mb-6"
        title={
          <>
            {name} disconnected <Ago atMs={presence.sinceMs} />
          </>
        }
      >
        The agent said goodbye: it was stopped, or its machine was shut down. Start it to bring it back.
      </Notice>
    )
  return null
}
