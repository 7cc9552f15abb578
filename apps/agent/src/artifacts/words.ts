import type { Progress } from '@tradewind/artifacts/progress'
import { bytesOf, type ResolvedBuild } from '@tradewind/protocol'

const [mebibyte, gibibyte] = [1024 ** 2, 1024 ** 3]

export const sizeWords = (bytes: number): string =>
  bytes >= gibibyte ? `${(bytes / gibibyte).toFixed(2)} GiB` : `${(bytes / mebibyte).toFixed(1)} MiB`

/** 1:05, or 2:03:10 from an hour on. */
export function durationWords(seconds: number): string {
  const all = Math.ceil(seconds)
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, String(all % 60).padStart(2, '0')]
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

export function progressWords({ doneBytes, totalBytes, bytesPerSecond, etaSeconds, source }: Progress): string {
  const percent = `${Math.floor((100 * doneBytes) / totalBytes)} %`
  const speed = bytesPerSecond === null ? '' : `, ${sizeWords(bytesPerSecond)}/s`
  const eta = etaSeconds === null || etaSeconds === 0 ? '' : `, ${durationWords(etaSeconds)} to go`
  return `${percent} of ${sizeWords(totalBytes)}${speed}${eta}, from ${source}`
}

export const barOf = ({ doneBytes, totalBytes }: Progress, width = 24): string => {
  const full = Math.floor((width * doneBytes) / totalBytes)
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`
}

/** What is about to be fetched: each file with its commit, and the sum. */
export function buildWords(build: ResolvedBuild, because: string): string {
  const lines = build.files.map(({ path, bytes, repository, commit, sha256 }) => {
    const at = commit === null ? '' : ` at ${commit.slice(0, 12)}`
    return `  ${path}  ${sizeWords(bytes)}  ${repository}${at}  sha256 ${sha256.slice(0, 12)}…\n`
  })
  return `${build.label ?? build.id}: ${because}\n${lines.join('')}  ${sizeWords(bytesOf(build))} in all\n`
}
