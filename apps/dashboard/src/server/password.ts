import { auth } from './auth'
import { endStreamsOf } from './open-streams'
import { ProblemError } from './problem'
import { store } from './store'

/** Spends the code of an invitation, keeps the password and signs the person in. Throws `ProblemError` when it is not good. */
export async function choosePassword({ code, password }: { code: string; password: string }, headers: Headers) {
  const made = await auth()
  const { internalAdapter, password: passwords } = await made.$context
  const hash = await passwords.hash(password)
  const person = await (await store()).spendInvite(code)
  if (!person) throw noLonger()
  endStreamsOf(person.email)
  const accounts = await internalAdapter.findAccounts(person.id)
  if (accounts.some(({ providerId }) => providerId === 'credential'))
    await internalAdapter.updatePassword(person.id, hash)
  else
    await internalAdapter.linkAccount({
      userId: person.id,
      accountId: person.id,
      providerId: 'credential',
      password: hash,
    })
  return made.api.signInEmail({ body: { email: person.email, password }, headers, asResponse: true })
}

/** Whom a code invites. Throws `ProblemError` when it is not good. */
export async function whomOf(code: string) {
  const person = await (await store()).invitedBy(code)
  if (!person) throw noLonger()
  return person
}

const noLonger = () =>
  new ProblemError('token-used', 'This link has been used, replaced, or is too old.', 'Ask an admin for another one.')
