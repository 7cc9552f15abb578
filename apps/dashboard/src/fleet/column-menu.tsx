'use client'

import { Columns3 } from 'lucide-react'
import { Button } from '../ui/button'
import { Menu, MenuCheck, MenuItem, MenuLine } from '../ui/menu'
import { type ColumnId, columnIds, usualColumns } from './column-ids'
import { columns } from './columns'

type Props = { chosen: ColumnId[] | null; change: (chosen: ColumnId[] | null) => void }

export function ColumnMenu({ chosen, change }: Props) {
  const now = chosen ?? usualColumns
  const turn = (id: ColumnId, on: boolean) => change(columnIds.filter((one) => (one === id ? on : now.includes(one))))
  return (
    <Menu
      label="Columns"
      trigger={
        <Button size="small" className="max-sm:hidden">
          <Columns3 aria-hidden />
          Columns
        </Button>
      }
    >
      {columnIds.map((id) => (
        <MenuCheck key={id} checked={now.includes(id)} change={(on) => turn(id, on)}>
          {columns[id].name}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuItem choose={() => change(null)}>As usual</MenuItem>
    </Menu>
  )
}
