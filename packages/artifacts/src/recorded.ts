import type { Build, ResolvedBuild } from '@tradewind/protocol'
import { fail } from './trouble'

/**
 * What was resolved once stays as it is, whatever the source says today. Throws `source-differs` when the catalogue contradicts it by
 * now: then somebody has to look.
 */
export function recordedOf(build: Build, recorded: ResolvedBuild): ResolvedBuild {
  for (const known of build.files) {
    const file = recorded.files.find(({ repository, path }) => repository === known.repository && path === known.path)
    const isSame = file && (!known.exact || file.bytes === known.bytes) && file.sha256.startsWith(known.sha256 ?? '')
    if (!isSame)
      fail('source-differs', {
        path: `${known.repository}/${known.path}`,
        known: `${known.bytes} bytes, sha256 ${known.sha256 ?? 'unknown'}…`,
        found: file ? `${file.bytes} bytes, sha256 ${file.sha256}` : 'no such file in what was recorded',
      })
  }
  return recorded
}
