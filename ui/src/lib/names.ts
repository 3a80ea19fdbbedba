// Names as a person puts them in order: what is counted in them counts, and case and accents come last.
const collator = new Intl.Collator(undefined, { numeric: true });

/** «Atendimento 2» before «Atendimento 10». */
export const byName = (a: string, b: string): number => collator.compare(a, b);

/** Several names in one line, in order. */
export const namesText = (names: readonly string[]): string => [...names].sort(byName).join(', ');
