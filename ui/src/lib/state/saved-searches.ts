// Searches under a name. Kept as one value; whatever an older or newer program wrote, what is known of it is taken.
import type { LocalFilter, Query, Search } from '../host/host';
import { EMPTY_LOCAL } from './call-list.svelte';
import { EMPTY_SEARCH } from './calls-search';

export interface SavedSearch {
  id: string;
  name: string;
  query: Query;
}

export interface SavedSearches {
  list: SavedSearch[];
  /** The one the calls open with; `null`: as they were left. */
  first: string | null;
}

export const NO_SEARCHES: SavedSearches = { list: [], first: null };
const MOST = 50;
const LONGEST_NAME = 60;

/** The fields of a value that are of the kind they should be, the rest as usual. */
function like<T extends object>(usual: T, kept: unknown): T {
  if (typeof kept !== 'object' || kept === null) return { ...usual };
  const given = kept as Record<string, unknown>;
  const fields = Object.entries(usual).map(([key, none]) => {
    const value = given[key];
    const figure = none === null && (typeof value === 'number' || value === null);
    return [key, figure || typeof value === typeof none ? value : none];
  });
  return Object.fromEntries(fields) as T;
}

export const queryFrom = (kept: unknown): Query => {
  const { search, local } = (kept ?? {}) as Record<string, unknown>;
  return { search: like<Search>(EMPTY_SEARCH, search), local: like<LocalFilter>(EMPTY_LOCAL, local) };
};

export function searchesFrom(kept: unknown): SavedSearches {
  if (typeof kept !== 'object' || kept === null) return NO_SEARCHES;
  const { list, first } = kept as Record<string, unknown>;
  const known = (Array.isArray(list) ? list : []).slice(0, MOST).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { id, name, query } = one as Record<string, unknown>;
    if (typeof id !== 'string' || typeof name !== 'string' || !name.trim()) return [];
    return [{ id, name: name.trim().slice(0, LONGEST_NAME), query: queryFrom(query) }];
  });
  return { list: known, first: known.find((one) => one.id === first)?.id ?? null };
}

/** With a search added under a name, or in the place of the one of that name. */
export function withSearch(searches: SavedSearches, name: string, query: Query, id: string): SavedSearches {
  const called = name.trim().slice(0, LONGEST_NAME);
  if (!called) return searches;
  const there = searches.list.find((one) => one.name.toLowerCase() === called.toLowerCase());
  const list = there
    ? searches.list.map((one) => (one === there ? { ...one, name: called, query } : one))
    : [...searches.list, { id, name: called, query }].slice(-MOST);
  return { ...searches, list };
}

/** With another name; one that is taken or empty changes nothing. */
export function renamed(searches: SavedSearches, id: string, name: string): SavedSearches {
  const called = name.trim().slice(0, LONGEST_NAME);
  const taken = searches.list.some((one) => one.id !== id && one.name.toLowerCase() === called.toLowerCase());
  if (!called || taken) return searches;
  return {
    ...searches,
    list: searches.list.map((one) => (one.id === id ? { ...one, name: called } : one)),
  };
}

export function withoutSearch(searches: SavedSearches, id: string): SavedSearches {
  return {
    list: searches.list.filter((one) => one.id !== id),
    first: searches.first === id ? null : searches.first,
  };
}

/** With a search back where it was. */
export function restored(
  searches: SavedSearches,
  one: SavedSearch,
  place: number,
  first: boolean,
): SavedSearches {
  const list = searches.list.filter((other) => other.id !== one.id);
  list.splice(place, 0, one);
  return { list, first: first ? one.id : searches.first };
}
