/** A device on record, as far as this room needs it. */
export type Enrolled = { id: string; name: string; enrolledMs: number }

/** A token as the API makes it: `text` is shown this once. */
export type MadeToken = { id: string; text: string; expiresMs: number }
