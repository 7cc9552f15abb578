/** A clip that a person tries a device with is at most this large. Apart from the schemas, so that browsers need none. */
export const mostClipBytes = 25 * 1024 * 1024
