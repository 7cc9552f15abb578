'use client'

import { Bookmark, Check, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field, Input } from '../ui/field'
import { Menu, MenuItem, MenuLine } from '../ui/menu'
import { type Filters, noFilters, readFilters, writeFilters } from './filters'
import { keepViews, keptViews, type View, withoutView, withView } from './views'

type Props = { filters: Filters; change: (some: Partial<Filters>) => void }

/** Opens, saves and forgets named views. */
export function ViewMenu({ filters, change }: Props) {
  const [views, setViews] = useState<View[]>([])
  const [naming, setNaming] = useState(false)
  const keep = (next: View[]) => {
    keepViews(next)
    setViews(next)
  }
  const open = (view: View) => change({ ...readFilters(new URLSearchParams(view.address)), view: view.name })
  const save = (name: string) => {
    change({ view: name })
    keep(withView(keptViews(), { name, address: addressOf(filters, name) }))
    setNaming(false)
  }
  const current = views.find(({ name }) => name === filters.view)
  const isChanged = current !== undefined && current.address !== addressOf(filters, current.name)
  return (
    <>
      <Menu
        label="Views"
        trigger={
          <Button size="small" onPointerDown={() => setViews(keptViews())} onFocus={() => setViews(keptViews())}>
            <Bookmark aria-hidden />
            <span className="max-w-40 truncate">{filters.view ?? 'Views'}</span>
            {isChanged && <span className="text-muted">(changed)</span>}
          </Button>
        }
      >
        <MenuItem choose={() => change(noFilters)}>
          <Tick on={filters.view === null} />
          All devices
        </MenuItem>
        {views.map((view) => (
          <MenuItem key={view.name} choose={() => open(view)}>
            <Tick on={view.name === filters.view} />
            <span className="max-w-64 truncate">{view.name}</span>
          </MenuItem>
        ))}
        <MenuLine />
        {current && isChanged && (
          <MenuItem choose={() => save(current.name)}>
            <Tick on={false} />
            Save the changes
          </MenuItem>
        )}
        <MenuItem choose={() => setNaming(true)}>
          <Bookmark className="size-4 text-muted" aria-hidden />
          Save this view
        </MenuItem>
        {current && (
          <MenuItem
            choose={() => {
              change({ view: null })
              keep(withoutView(keptViews(), current.name))
            }}
          >
            <Trash2 className="size-4 text-muted" aria-hidden />
            Forget “{current.name}”
          </MenuItem>
        )}
      </Menu>
      <Dialog
        open={naming}
        change={setNaming}
        title="Save this view"
        hint="Its filters, order and columns get a name in this browser. To share it, send the address of the page."
      >
        <NameForm save={save} />
      </Dialog>
    </>
  )
}

const addressOf = (filters: Filters, view: string) => writeFilters({ ...filters, view, waitingPage: 1 })

const Tick = ({ on }: { on: boolean }) => (
  <span className="grid size-4 place-items-center" aria-hidden>
    {on && <Check className="size-4 text-accent" />}
  </span>
)

function NameForm({ save }: { save: (name: string) => void }) {
  const [name, setName] = useState('')
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) save(name.trim())
      }}
    >
      <Field label="Name">
        {({ id }) => <Input id={id} value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <div className="flex justify-end">
        <Button type="submit" tone="primary" disabled={name.trim() === ''}>
          Save
        </Button>
      </div>
    </form>
  )
}
