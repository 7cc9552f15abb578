import { auth } from './auth'
import { ProblemError } from './problem'
import { store } from './store'

type FirstAdmin = { code: string; name: string; email: string; password: string }

/** Spends the code, makes the person an admin and signs them in. Throws `ProblemError` when the code is not good. */
export async function createFirstAdmin({ code, name, email, password }: FirstAdmin, headers: Headers) {
  const opened = await store()
  if ((await opened.hasAdmin()) || !(await opened.spendSetupCode(code)))
    throw new ProblemError('token-used', 'This link has been used or replaced.', 'Start npm start again for a new one.')
  const made = await auth()
  const { internalAdapter, password: passwords } = await made.$context
  const user = await internalAdapter.createUser(
    { name, email: email.toLowerCase(), emailVerified: true },
    { method: 'email-password' },
  )
  await internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: 'credential',
    password: await passwords.hash(password),
  })
  await opened.setRole(user.id, 'admin', 'up')
  return made.api.signInEmail({ body: { email, password }, headers, asResponse: true })
}
