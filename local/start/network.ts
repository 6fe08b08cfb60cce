// The address by which others on the local network reach this machine.
import { networkInterfaces } from 'node:os';
import { UsageError } from './options';

/** Addresses that routers give out at home and at work (RFC 1918). */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** Throws UsageError when this machine is on no network. */
export function networkAddress(interfaces = networkInterfaces()): string {
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  const address = addresses.find((candidate) => PRIVATE.test(candidate)) ?? addresses[0];
  if (address === undefined) throw new UsageError('--lan needs a network, and this machine is on none');
  return address;
}
