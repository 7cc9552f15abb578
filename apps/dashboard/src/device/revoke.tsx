'use client'

import { Ban } from 'lucide-react'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Panel, Section } from '../ui/section'

type Props = { deviceId: string; name: string; online: boolean; serves: string | null; revoked: () => void }

export const Revoke = ({ deviceId, name, online, serves, revoked }: Props) => (
  <Section title="Revoke">
    <Panel className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-bad/30 px-5 py-4">
      <p className="max-w-prose text-muted">
        Shuts this device out for good. Its history stays. It can come back only as a new device with a new key.
      </p>
      <Confirm
        trigger={
          <Button tone="danger">
            <Ban aria-hidden />
            Revoke
          </Button>
        }
        title={`Revoke ${name}?`}
        consequence={
          <p>
            1 device {online ? 'is disconnected at once and' : ''} can no longer connect. This cannot be undone: to use
            it again you enrol it as a new device.
            {serves && ` On its own network it goes on serving ${serves} until somebody stops it.`}
          </p>
        }
        verb="Revoke"
        danger
        run={() => call('POST', `/api/v1/devices/${deviceId}/revoke`)}
        done={revoked}
      />
    </Panel>
  </Section>
)
