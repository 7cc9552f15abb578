'use client'

import { RefreshCw, Terminal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { ProblemNotice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { askDevice } from './ask-device'

const lines = 200

export function Logs({ deviceId, online }: { deviceId: string; online: boolean }) {
  const [read, setRead] = useState<{ lines: string[]; atMs: number } | null>(null)
  const { pending, problem, start } = useDeed(
    () => askDevice(deviceId, { kind: 'logs', lines }),
    (answer) => answer.kind === 'logs' && setRead({ lines: answer.lines, atMs: Date.now() }),
  )
  return (
    <Section
      title="Log of the agent"
      hint={
        read ? (
          <>
            The last {read.lines.length} lines, read <Ago atMs={read.atMs} />
          </>
        ) : (
          `Its last ${lines} lines, read from the device when you ask.`
        )
      }
      actions={
        <Button size="small" pending={pending} disabled={!online} onClick={() => start()}>
          {!pending && (read ? <RefreshCw aria-hidden /> : <Terminal aria-hidden />)}
          {read ? 'Read again' : 'Read the log'}
        </Button>
      }
    >
      <ProblemNotice problem={problem} className="mb-3" />
      {read ? <LogLines lines={read.lines} /> : !online && <p className="text-muted">Possible while it is online.</p>}
    </Section>
  )
}

/** Starts at the newest line, which is the last. */
function LogLines({ lines: read }: { lines: string[] }) {
  const box = useRef<HTMLPreElement>(null)
  // New lines are what moves the end.
  useEffect(() => box.current?.scrollTo({ top: box.current.scrollHeight }), [read])
  return (
    <Panel className="overflow-hidden">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre ref={box} tabIndex={0} className="max-h-96 overflow-auto p-4 font-mono text-xs leading-5">
        {read.length === 0 ? 'The log is empty.' : read.join('\n')}
      </pre>
    </Panel>
  )
}
