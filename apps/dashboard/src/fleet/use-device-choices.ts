'use client'

import { useRef, useState } from 'react'
import { call } from '../live/call'

export type DeviceChoice = { id: string; name: string }

/** People choose by name; a name that two devices share is told apart by the id behind it. */
export const labelOf = ({ name, id }: DeviceChoice) => `${name} (${id})`
export const idOf = (label: string) => /\(([a-z2-9]{12})\)$/.exec(label)?.[1] ?? label

/** Devices to choose from, for what is typed; an answer that comes late is not shown. */
export function useDeviceChoices(): [DeviceChoice[], (text: string) => void] {
  const [choices, setChoices] = useState<DeviceChoice[]>([])
  const asked = useRef('')
  async function look(text: string) {
    asked.current = text
    const query = new URLSearchParams({ q: text, sort: 'name', limit: '20' })
    const found = await call<{ devices: DeviceChoice[] }>('GET', `/api/v1/devices?${query}`).catch(() => null)
    if (found && asked.current === text) setChoices(found.devices)
  }
  return [choices, look]
}
