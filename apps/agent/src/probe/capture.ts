import { mkdir, readdir } from 'node:fs/promises'
import type { CapabilityReport } from '@tradewind/protocol'
import type { Host } from '../host/host'
import { recording } from '../host/recording'
import { redacted } from '../host/redacted'
import { Sampler } from '../sample/sampler'
import { probeAll } from './probe'

export class FolderNotEmpty extends Error {
  readonly name = 'FolderNotEmpty'
}

/**
 * Writes what the host answers to all probes and one sample into `folder`, with nothing secret in it, so that
 * `capturedHost` can replay it. Gives the report that the probes made of those answers. Throws `FolderNotEmpty`.
 */
export async function capture(
  host: Host,
  folder: string,
  agentVersion: string,
  nowMs: number,
  limitMs = 10_000,
): Promise<CapabilityReport> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) throw new FolderNotEmpty(`${folder} is not empty`)
  const recorded = recording(redacted(host))
  const report = await probeAll(recorded.host, agentVersion, nowMs, limitMs)
  await new Sampler(recorded.host).sample()
  await recorded.save(folder)
  return report
}
