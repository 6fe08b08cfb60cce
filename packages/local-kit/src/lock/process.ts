// Which process it is, beyond its number: numbers are used again.
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, as the system says it. */
  readonly started: string;
  /** Where its number counts: the machine since it was switched on, and the container. */
  readonly place: string;
}

const isCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code;

/** When the process was started; undefined when there is none with this number. */
function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before, in parentheses, may hold anything: state is the third field, the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env });
    const [, status, start] = /^\s*(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    return status?.startsWith('Z') ? undefined : start;
  } catch (error) {
    // It ends with 1 when there is no such process.
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}

function placeOfThis(): string {
  if (process.platform !== 'linux') return hostname();
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, started: startOf(pid) ?? '', place: placeOfThis() };
}

/** Whether the process runs; 'unseen' for one of another machine or container. */
export function stateOf({ pid, started, place }: ProcessIdentity): 'running' | 'ended' | 'unseen' {
  if (place !== placeOfThis()) return 'unseen';
  return startOf(pid) === started ? 'running' : 'ended';
}
