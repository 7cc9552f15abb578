import { isResolved } from '@tradewind/fleet'
import { Catalogue } from '@tradewind/protocol'
import { openSession } from '../session'
import type { Terminal } from '../terminal'
import { readCatalogue } from './catalogue'

/** Whether it holds together is for the hub's catalogue to say: it may know what this file names. */
export async function addModels(
  terminal: Terminal,
  file: string,
  { json, replace }: { json?: boolean; replace?: boolean },
) {
  const added = readCatalogue(file)
  const session = openSession(terminal)
  const catalogue = await session.api.call(replace ? 'PUT' : 'POST', '/catalogue', Catalogue, added)
  if (json) return session.json(catalogue)
  const entries = Object.values(added).reduce((sum, list) => sum + list.length, 0)
  session.say(
    `Added ${entries} ${entries === 1 ? 'entry' : 'entries'} to the catalogue, which has ${catalogue.builds.length} builds now.`,
  )
  const unresolved = (added.builds ?? []).filter(({ files }) => !files.every(isResolved))
  for (const { id } of unresolved) session.note(`Resolve its files before it is assigned: tradewind mirror add ${id}`)
}
