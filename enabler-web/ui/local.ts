// Whether a page comes from the AWS on localhost.

/** Whether a host's name means the computer itself, which no other one can reach by it. */
export function isLocal(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
