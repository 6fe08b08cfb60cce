// The guarded HTTP door that every server on localhost stands behind, and what is read and written through it.
export { bodyOf, headersOf, readBody, send } from './body';
export { Door, type DoorProps, LOOPBACK } from './door';
