// What the window can ask of the program. The shapes are generated from Rust; this file only gives them a door.
import type { Commands, Streams } from './generated/commands';
import type { Problem } from './generated/types';

export type * from './generated/types';

export type CommandName = keyof Commands;
export type StreamName = keyof Streams;

export interface Host {
  ask<K extends CommandName>(name: K, args: Commands[K]['args']): Promise<Commands[K]['reply']>;
  stream<K extends StreamName>(
    name: K,
    args: Streams[K]['args'],
    on: (message: Streams[K]['message']) => void,
  ): Promise<Streams[K]['reply']>;
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'params' in value;
}

/** Whatever was thrown, as something the catalogue has words for. */
export function asProblem(value: unknown): Problem {
  if (isProblem(value)) return value;
  return { code: 'unexpected', params: { detail: String(value) }, retryable: true };
}

/** What went wrong with something asked for; `null` when it worked. */
export async function failureOf(work: () => Promise<unknown>): Promise<Problem | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return asProblem(error);
  }
}
