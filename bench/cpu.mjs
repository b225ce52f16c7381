import { readdirSync, readFileSync } from 'node:fs';

/** True where the kernel tells the CPU time of every thread of another process. */
export const HAS_SCHEDSTAT = canRead(process.pid);

/**
 * CPU µs a child has used so far, all its threads together. Linux: /proc/<pid>/task/<tid>/schedstat (ns on the CPU).
 * Elsewhere the child is asked over IPC for its `process.resourceUsage()` (see usage.mjs).
 */
export async function cpuMicros(child) {
  if (HAS_SCHEDSTAT) return schedstatMicros(child.pid);
  return new Promise((resolve) => {
    child.once('message', (usage) => resolve(usage.userCPUTime + usage.systemCPUTime));
    child.send('usage');
  });
}

/** Resident memory of a process in MiB; null where /proc is missing. */
export function rssMib(pid) {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(kib) / 1024;
  } catch {
    return null;
  }
}

/** CPU µs of the calling process's main thread; with a coarser source where /proc is missing. */
export function ownThreadMicros() {
  if (!HAS_SCHEDSTAT) {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1000;
}

function schedstatMicros(pid) {
  let ns = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ', 1)[0]);
    } catch {
      // The thread ended between the two reads.
    }
  }
  return ns / 1000;
}

function canRead(pid) {
  try {
    return schedstatMicros(pid) > 0;
  } catch {
    return false;
  }
}
