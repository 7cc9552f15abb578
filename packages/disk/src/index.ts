export { readIfThere } from './read-if-there'
export { writeWhole } from './write-whole'
