import type { Labels } from '@tradewind/protocol'
import { type Actor, audit, differenceOf } from './audit'
import { type Database, type Transaction, transact } from './database'
import { UsageError } from './enrolment'
import { newId } from './ids'

export type LabelChange = { set: Labels; remove: string[] }

const mostLabels = 32

export const labels = (db: Database) => ({
  /** Replaces all labels of a device; false when there is no such device. */
  setLabels: (deviceId: string, labels: Labels, actor: Actor): Promise<boolean> =>
    transact(db, async (tx) => {
      if (!(await tx.device.findUnique({ where: { id: deviceId }, select: { id: true } }))) return false
      const before = await tx.label.findMany({ where: { deviceId } })
      await tx.label.deleteMany({ where: { deviceId } })
      await tx.label.createMany({ data: Object.entries(labels).map(([name, value]) => ({ deviceId, name, value })) })
      const were = Object.fromEntries(before.map(({ name, value }) => [name, value]))
      await audit(tx, actor, 'labels-set', deviceId, differenceOf(were, labels))
      return true
    }),

  /**
   * Gives each of these devices some labels and takes others away, in one transaction with one entry in the audit for
   * each device that is otherwise than before; what it had besides stays. Returns those. Throws `UsageError` when one
   * would have more than 32.
   */
  changeLabels: (deviceIds: string[], { set, remove }: LabelChange, actor: Actor): Promise<string[]> =>
    transact(db, async (tx) => {
      const ids = JSON.stringify(deviceIds)
      const before = await labelsNow(tx, ids)
      const changed = [...before].filter(([, has]) => isOther(has, { set, remove })).map(([id]) => id)
      const those = JSON.stringify(changed)
      await tx.$executeRaw`DELETE FROM Label WHERE deviceId IN (SELECT value FROM json_each(${those}))
        AND name IN (SELECT value FROM json_each(${JSON.stringify([...remove, ...Object.keys(set)])}))`
      await tx.$executeRaw`INSERT INTO Label (deviceId, name, value) SELECT d.value, l.key, l.value
        FROM json_each(${those}) d CROSS JOIN json_each(${JSON.stringify(set)}) l`
      const after = await labelsNow(tx, those)
      for (const has of after.values())
        if (Object.keys(has).length > mostLabels) throw new UsageError(`a device has at most ${mostLabels} labels`)
      const entries = [...after].map(([id, has]) => ({
        id: newId(),
        actor,
        action: 'labels-set',
        target: id,
        detail: differenceOf(before.get(id) ?? {}, has),
      }))
      await tx.audit.createMany({ data: entries })
      return changed
    }),

  async labelsOf(deviceId: string): Promise<Labels> {
    const rows = await db.label.findMany({ where: { deviceId }, orderBy: { name: 'asc' } })
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
  },

  /** Every name in use with its values, for people to choose from. */
  async labelsInUse(): Promise<{ name: string; value: string; devices: number }[]> {
    const rows = await db.label.groupBy({
      by: ['name', 'value'],
      _count: true,
      orderBy: [{ name: 'asc' }, { value: 'asc' }],
    })
    return rows.map(({ name, value, _count }) => ({ name, value, devices: _count }))
  },
})

async function labelsNow(tx: Transaction, ids: string): Promise<Map<string, Labels>> {
  const rows = await tx.$queryRaw<{ id: string; name: string | null; value: string | null }[]>`
    SELECT d.id, l.name, l.value FROM Device d LEFT JOIN Label l ON l.deviceId = d.id
    WHERE d.id IN (SELECT value FROM json_each(${ids})) ORDER BY d.id, l.name`
  const known = new Map<string, Labels>()
  for (const { id, name, value } of rows) {
    const has = known.get(id) ?? {}
    if (name !== null && value !== null) has[name] = value
    known.set(id, has)
  }
  return known
}

const isOther = (has: Labels, { set, remove }: LabelChange) =>
  remove.some((name) => has[name] !== undefined && set[name] === undefined) ||
  Object.entries(set).some(([name, value]) => has[name] !== value)
