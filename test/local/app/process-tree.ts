// A process and all that it started, with the memory of each.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Resident set size in MB; pages shared between processes count in each. */
  readonly megabytes: number;
  readonly command: string;
}

/** It ended since it was listed. */
const isGone = (error: unknown) => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');

function allProcesses(): ProcessEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [, pid, parent, kilobytes, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), parent: Number(parent), megabytes: Number(kilobytes) / 1024, command };
    });
}

/** The process `root` first, then its descendants. */
export function processTree(root: number): ProcessEntry[] {
  const all = allProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Processor seconds of processes so far, user's and system's; undefined where the kernel does not tell. */
export function processorSecondsOf(processes: readonly ProcessEntry[]): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const hundredths = processes.map(({ pid }) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // utime and stime are the 14th and 15th field; the 2nd ends with the last parenthesis.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    } catch (error) {
      if (isGone(error)) return 0;
      throw error;
    }
  });
  return hundredths.reduce((sum, value) => sum + value, 0) / 100;
}

/**
 * The memory that processes take together, in MB: pages that several of them share (node's own program, above all) count
 * once. Where the kernel does not tell (other systems than Linux), the sum of the resident sets, which is more.
 */
export function memoryOf(processes: readonly ProcessEntry[]): number {
  return processes.reduce((sum, { pid, megabytes }) => sum + (proportionalSize(pid) ?? megabytes), 0);
}

/** A process's proportional set size: https://docs.kernel.org/filesystems/proc.html, "smaps_rollup". */
function proportionalSize(pid: number): number | undefined {
  if (!existsSync('/proc/self/smaps_rollup')) return undefined;
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}
