import type { Metadata } from 'next'
import { JoinDoor } from '../../people/join-door'

export const metadata: Metadata = { title: 'Choose a password' }

/** The code stands behind the # of the address, which only the browser knows. */
const Join = () => <JoinDoor />
export default Join
