/** Both in characters. */
export const passwordLength = { least: 10, most: 128 }
