import type { Labels } from '@tradewind/protocol'
import { type Actor, audit, differenceOf } from './audit'
import { type Database, transact } from './database'

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
