'use client'

import type { PersonRow, Role } from '@tradewind/store'
import { roles } from '@tradewind/store/model'
import { Hourglass, UserPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Command } from '../ui/copy'
import { Field, Input, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { Ago, Until } from '../ui/time'
import { roleMeanings, roleNames } from '../words/name-deed'

type Invited = { path: string; expiresMs: number }
type Link = Invited & { name: string }
type Props = { people: PersonRow[]; origin: string; self: string | null }

/** Who has an account. */
export function People({ people, origin, self }: Props) {
  const refresh = useRefresh(0)
  const [link, setLink] = useState<Link | null>(null)
  const show = (made: Link) => {
    setLink(made)
    refresh()
  }
  return (
    <Section title="People" hint="Who may sign in. A new person gets a one-time link and chooses their own password.">
      <Panel>
        <div className="border-b p-5">
          {link ? <MadeLink link={link} origin={origin} done={() => setLink(null)} /> : <InviteForm made={show} />}
        </div>
        <ul className="divide-y">
          {people.map((person) => (
            <Item key={person.id} person={person} isSelf={person.email === self} changed={refresh} linked={show} />
          ))}
        </ul>
      </Panel>
    </Section>
  )
}

const MadeLink = ({ link, origin, done }: { link: Link; origin: string; done: () => void }) => (
  <div className="grid gap-4" role="status">
    <p>
      <span className="font-medium">Give this link to {link.name}.</span>{' '}
      <span className="text-muted">
        It is shown this once, works once, and expires <Until atMs={link.expiresMs} />. Whoever opens it becomes{' '}
        {link.name}.
      </span>
    </p>
    <Command text={`${origin}${link.path}`} />
    <Button className="justify-self-start" onClick={done}>
      Done
    </Button>
  </div>
)

async function invite(name: string, email: string, role: string): Promise<Link> {
  return { name, ...(await call<Invited>('POST', '/api/v1/people', { name, email, role })) }
}

function InviteForm({ made }: { made: (link: Link) => void }) {
  const { pending, problem, start } = useDeed(invite, made)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name)).trim()
    start(text('name'), text('email'), text('role'))
  }
  return (
    <form onSubmit={submit} className="grid items-end gap-4 sm:grid-cols-[1fr_1fr_11rem_auto]">
      <Field label="Name">{({ id }) => <Input id={id} name="name" required maxLength={80} autoComplete="off" />}</Field>
      <Field label="Email">
        {({ id }) => <Input id={id} name="email" type="email" required maxLength={200} autoComplete="off" />}
      </Field>
      <Field label="Role">
        {({ id }) => (
          <Select id={id} name="role" defaultValue="viewer">
            {roles.map((role) => (
              <option key={role} value={role} title={roleMeanings[role]}>
                {roleNames[role]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" tone="primary" pending={pending}>
        {!pending && <UserPlus aria-hidden />}
        Invite
      </Button>
      <ProblemNotice problem={problem} className="sm:col-span-4" />
    </form>
  )
}

type ItemProps = { person: PersonRow; isSelf: boolean; changed: () => void; linked: (link: Link) => void }

const Item = ({ person, isSelf, changed, linked }: ItemProps) => (
  <li className="flex min-h-16 flex-wrap items-center gap-x-6 gap-y-2 px-5 py-3">
    <div className="min-w-0 flex-1 basis-56">
      <p className="flex flex-wrap items-center gap-2">
        <span className="truncate font-medium" title={person.name}>
          {person.name}
        </span>
        {isSelf && <Badge tone="neutral">You</Badge>}
        {!person.hasPassword && (
          <Badge tone="attention" icon={<Hourglass aria-hidden />}>
            {person.inviteUntilMs === null ? 'Link ran out' : 'Invited'}
          </Badge>
        )}
      </p>
      <p className="truncate text-[13px] text-muted" title={person.email}>
        {person.email} · <Seen person={person} />
      </p>
    </div>
    <RoleChoice key={person.role} person={person} isSelf={isSelf} changed={changed} />
    <div className="flex gap-2">
      <NewLink person={person} linked={linked} />
      <Confirm
        trigger={
          <Button size="small" tone="danger">
            Remove
          </Button>
        }
        title={isSelf ? 'Remove yourself?' : `Remove ${person.name}?`}
        consequence={
          <p>
            {isSelf ? 'You are' : `${person.name} is`} signed out at once, and every API token that{' '}
            {isSelf ? 'you' : 'they'} made stops working. What was done stays in the audit.
          </p>
        }
        verb="Remove"
        danger
        run={() => call('DELETE', `/api/v1/people/${person.id}`)}
        done={changed}
      />
    </div>
  </li>
)

function Seen({ person: { seenMs, hasPassword, inviteUntilMs } }: { person: PersonRow }) {
  if (seenMs !== null)
    return (
      <>
        seen <Ago atMs={seenMs} />
      </>
    )
  if (hasPassword) return <>not signed in</>
  if (inviteUntilMs === null) return <>never signed in</>
  return (
    <>
      the link expires <Until atMs={inviteUntilMs} />
    </>
  )
}

/** Choosing a role asks first: who may do less is signed out. */
function RoleChoice({ person, isSelf, changed }: Omit<ItemProps, 'linked'>) {
  const [chosen, setChosen] = useState<Role>(person.role)
  const isLess = roles.indexOf(chosen) < roles.indexOf(person.role)
  return (
    <div className="flex items-center gap-2">
      <Select
        aria-label={`Role of ${person.name}`}
        className="w-36"
        value={chosen}
        onChange={(event) => setChosen(event.target.value as Role)}
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleNames[role]}
          </option>
        ))}
      </Select>
      {chosen !== person.role && (
        <Confirm
          trigger={
            <Button size="small" tone="primary">
              Change
            </Button>
          }
          title={`Make ${isSelf ? 'yourself' : person.name} ${chosen === 'viewer' ? 'a' : 'an'} ${chosen}?`}
          consequence={
            <>
              <p>{roleMeanings[chosen]}</p>
              {isLess && (
                <p className="mt-2">
                  {isSelf ? 'You are' : `${person.name} is`} signed out at once, and the API tokens above that role that{' '}
                  {isSelf ? 'you' : 'they'} made stop working.
                </p>
              )}
            </>
          }
          verb="Change the role"
          danger={isLess}
          run={() => call('PATCH', `/api/v1/people/${person.id}`, { role: chosen })}
          done={changed}
        />
      )}
    </div>
  )
}

function NewLink({ person, linked }: Pick<ItemProps, 'person' | 'linked'>) {
  return (
    <Confirm
      trigger={<Button size="small">New link</Button>}
      title={`Make a new link for ${person.name}?`}
      consequence={
        <p>
          With it they choose a new password. The link before it stops working; when the new one is used, {person.name}{' '}
          is signed out everywhere else.
        </p>
      }
      verb="Make a link"
      run={async () =>
        linked({ name: person.name, ...(await call<Invited>('POST', `/api/v1/people/${person.id}/link`)) })
      }
    />
  )
}
