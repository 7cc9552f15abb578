/** Being let in cannot succeed by trying again: the token is spent, the hub is another one, the identity is damaged. */
export class EnrolError extends Error {
  override name = 'EnrolError'
  constructor(
    readonly code: string,
    message: string,
    readonly next: string,
  ) {
    super(message)
  }
}
