// Things kept under a name: views of the floor, searches of calls. One name each, one of them to open with, and a file to
// hand them on. Whatever an older or newer program wrote, what is known of it is taken.
export interface Named {
  id: string;
  name: string;
}

export interface NamedList<T extends Named> {
  list: T[];
  /** The one to open with; `null`: as it was left. */
  first: string | null;
}

/** What is kept: how it is called in a file, and how to read all but its name. */
export interface Shelf<T extends Named> {
  kind: string;
  field: string;
  read: (kept: Record<string, unknown>) => Omit<T, keyof Named>;
}

const MOST = 50;
export const LONGEST_NAME = 60;

const called = (name: unknown) => (typeof name === 'string' ? name.trim().slice(0, LONGEST_NAME) : '');
const fields = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function listFrom<T extends Named>(shelf: Shelf<T>, kept: unknown): T[] {
  return (Array.isArray(kept) ? kept : []).slice(0, MOST).flatMap((value: unknown) => {
    const one = fields(value);
    const name = called(one.name);
    return typeof one.id === 'string' && name ? [{ ...shelf.read(one), id: one.id, name } as T] : [];
  });
}

/** As it was kept. */
export function namedFrom<T extends Named>(shelf: Shelf<T>, kept: unknown): NamedList<T> {
  const { list, first } = fields(kept);
  const known = listFrom(shelf, list);
  return { list: known, first: known.find((one) => one.id === first)?.id ?? null };
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** With one more, or in the place of the one of that name, whose id stays. */
export function withOne<T extends Named>(all: NamedList<T>, added: T): NamedList<T> {
  const one = { ...added, name: called(added.name) };
  if (!one.name) return all;
  const there = all.list.find((other) => sameName(other.name, one.name));
  const list = there
    ? all.list.map((other) => (other === there ? { ...one, id: there.id } : other))
    : [...all.list, one].slice(-MOST);
  return { ...all, list };
}

/** With another name; one that is taken or empty changes nothing. */
export function renamed<T extends Named>(all: NamedList<T>, id: string, name: string): NamedList<T> {
  const now = called(name);
  if (!now || all.list.some((one) => one.id !== id && sameName(one.name, now))) return all;
  return { ...all, list: all.list.map((one) => (one.id === id ? { ...one, name: now } : one)) };
}

export function without<T extends Named>(all: NamedList<T>, id: string): NamedList<T> {
  return { list: all.list.filter((one) => one.id !== id), first: all.first === id ? null : all.first };
}

/** With one back where it was. */
export function restored<T extends Named>(
  all: NamedList<T>,
  one: T,
  place: number,
  first: boolean,
): NamedList<T> {
  const list = all.list.filter((other) => other.id !== one.id);
  list.splice(place, 0, one);
  return { list, first: first ? one.id : all.first };
}

/** As a file to hand on. */
export function asText<T extends Named>(shelf: Shelf<T>, all: NamedList<T>): string {
  return JSON.stringify({ kind: shelf.kind, version: 1, [shelf.field]: all.list }, null, 2);
}

/** With those of such a file; `null` when it is none. One of the same name is replaced. */
export function fromText<T extends Named>(
  shelf: Shelf<T>,
  all: NamedList<T>,
  text: string,
): NamedList<T> | null {
  let read: Record<string, unknown>;
  try {
    read = fields(JSON.parse(text));
  } catch {
    return null;
  }
  if (read.kind !== shelf.kind) return null;
  return listFrom(shelf, read[shelf.field]).reduce((some, one) => {
    const taken = some.list.some((other) => other.id === one.id);
    return withOne(some, taken ? { ...one, id: `${one.id}-${some.list.length}` } : one);
  }, all);
}
