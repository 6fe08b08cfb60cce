// Whom a Host header or an Origin names, and whether that is a server of this machine.
import { isIP } from 'node:net';

/** `name[:port]`, `1.2.3.4[:port]` or `[::1][:port]`; nothing of a URL's user information gets through. */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/** The name in an authority, lower-case, without port and brackets; undefined for what is none. */
export function hostName(authority: string | undefined): string | undefined {
  const name = AUTHORITY.exec(authority ?? '')?.[1]?.toLowerCase();
  return name?.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Addresses of this machine only, and the names that no name server may answer for (RFC 6761, 6.3). */
function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  );
}

export interface HostRules {
  /** Further names by which clients come: `gallery.test`, or with all below it `*.amazonaws.com`. */
  readonly hosts?: readonly string[];
  /**
   * Whether the server is open to the network, where it is called by its address. An address as Host needs no check: a page that
   * gets there by it was served there, which is what no trick with names changes.
   */
  readonly addresses?: boolean;
}

/** Whether clients may call the server by this name. */
export function isOurs(name: string, { hosts = [], addresses = false }: HostRules): boolean {
  if (isLoopback(name) || (addresses && isIP(name) !== 0)) return true;
  return hosts.some((host) => (host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host));
}
