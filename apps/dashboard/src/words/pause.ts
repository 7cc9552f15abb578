import { span } from './format'

/** That devices do not serve while their engine loads, in numbers where it was measured. A sentence's rest. */
export function pauseWords(devices: number, loadMs: number | undefined): string {
  const who = devices === 1 ? 'it does' : `${devices.toLocaleString('en')} devices do`
  return loadMs === undefined
    ? `${who} not serve while the engine loads; how long that takes was not measured here.`
    : `${who} not serve for about ${span(Math.max(1000, loadMs))}, which is how long it took to load.`
}
