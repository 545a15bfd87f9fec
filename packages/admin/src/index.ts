/** See README.md. */
export {}
