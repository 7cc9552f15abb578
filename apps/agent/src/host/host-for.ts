import type { Env } from '../env'
import { capturedHost } from './captured'
import type { Host } from './host'
import { localHost } from './local'

/** The machine that this process runs on, or with the facts of a captured one: its clocks, disk and figures stay our own. */
export async function hostFor({
  TRADEWIND_AGENT_DATA: folder,
  TRADEWIND_MEASURE: measuring,
  TRADEWIND_CAPTURED_HOST: captured,
}: Env): Promise<Host> {
  const local = localHost(folder, measuring)
  if (captured === undefined) return local
  const { dataDir, uptimeMs, bootId, vitals, agentRssBytes, largestPrograms } = local
  return { ...(await capturedHost(captured)), dataDir, uptimeMs, bootId, vitals, agentRssBytes, largestPrograms }
}
