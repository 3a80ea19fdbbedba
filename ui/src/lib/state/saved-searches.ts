// Searches under a name. Kept as one value; whatever an older or newer program wrote, what is known of it is taken.
import type { Direction, LocalFilter, Query, Search } from '../host/host';
import { EMPTY_LOCAL } from './call-list.svelte';
import { EMPTY_SEARCH } from './calls-search';
import type { Named, NamedList, Shelf } from './named';

export interface SavedSearch extends Named {
  query: Query;
}

export type SavedSearches = NamedList<SavedSearch>;

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

/** Which way; anything else, an empty word among it, is either. */
export const directionFrom = (said: unknown): Direction | null =>
  said === 'inbound' || said === 'outbound' ? said : null;

export const queryFrom = (kept: unknown): Query => {
  const { search, local } = (kept ?? {}) as Record<string, unknown>;
  const { direction } = (local ?? {}) as Record<string, unknown>;
  return {
    search: like<Search>(EMPTY_SEARCH, search),
    local: { ...like<LocalFilter>(EMPTY_LOCAL, local), direction: directionFrom(direction) },
  };
};

export const SEARCHES: Shelf<SavedSearch> = {
  kind: 'atalaya-searches',
  field: 'searches',
  read: ({ query }) => ({ query: queryFrom(query) }),
};
