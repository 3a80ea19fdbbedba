// Reasons for a pause that are known here: seen on the floor, or given a limit.
import type { Agent, PauseLimit } from './host/host';
import { fold } from './format';
import { byName } from './names';

/** Each once, however it is written, sorted. */
export function knownReasons(agents: readonly Agent[], limits: readonly PauseLimit[]): string[] {
  const known = new Map<string, string>();
  for (const reason of [...limits.map((one) => one.reason), ...agents.map((one) => one.pauseReason)]) {
    if (reason?.trim()) known.set(fold(reason), known.get(fold(reason)) ?? reason);
  }
  return [...known.values()].sort(byName);
}
