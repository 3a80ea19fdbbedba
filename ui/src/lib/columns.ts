// Tables whose columns somebody chooses: which, in which order, how wide, how close the rows stand.
import { widened } from './figure-width';
import type { TextKey } from './state/i18n.svelte';

export interface TableColumn {
  id: string;
  title: TextKey;
  /** Shown unless somebody chose otherwise. */
  usual: boolean;
  /** Widths on a wide and on a narrow window, as a grid wants them. */
  wide: string;
  narrow: string;
}

export const DENSITIES = { dense: 26, usual: 32, wide: 40 } as const;
export type Density = keyof typeof DENSITIES;

/** What somebody chose of a table. */
export interface TableLook {
  /** Columns, by name, in their order. */
  columns: string[];
  /** Widths somebody gave a column, pixels. */
  widths: Record<string, number>;
  density: Density;
}

export const NARROWEST = 44;
export const WIDEST = 400;

export const boundedWidth = (pixels: number) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, pixels)));

/** The columns chosen, in their order; unknown names of another version are left out. */
export function chosenOf<C extends TableColumn>(all: readonly C[], chosen: readonly string[]): C[] {
  return chosen.flatMap((id) => all.find((one) => one.id === id) ?? []);
}

/** With a column one place further to the front or the back. */
export function movedColumn(chosen: readonly string[], id: string, by: -1 | 1): string[] {
  const moved = [...chosen];
  const [from, to] = [moved.indexOf(id), moved.indexOf(id) + by];
  if (from < 0 || to < 0 || to >= moved.length) return moved;
  [moved[from], moved[to]] = [moved[to] as string, id];
  return moved;
}

/** The width of a column as a grid wants it: as somebody chose or as usual, but never too narrow for its figures. */
export function widthOf(
  column: TableColumn,
  which: 'wide' | 'narrow',
  widths: Readonly<Record<string, number>>,
  least: Readonly<Record<string, number>> = {},
): string {
  const chosen = widths[column.id];
  return widened(chosen === undefined ? column[which] : `${chosen}px`, least[column.id] ?? 0);
}

/** Those that fit into so many pixels, at least one; what matters least gives way first. */
export function fitting<C extends TableColumn>(
  columns: C[],
  widths: Readonly<Record<string, number>>,
  pixels: number,
  leastFirst: readonly string[],
  least: Readonly<Record<string, number>> = {},
  which: 'wide' | 'narrow' = 'narrow',
): C[] {
  const needs = (column: C) => parseInt(widthOf(column, which, widths, least).replace(/^minmax\(/, '')) || 0;
  let kept = columns;
  for (const id of leastFirst) {
    if (kept.reduce((sum, column) => sum + needs(column), 0) <= pixels || kept.length === 1) break;
    kept = kept.filter((column) => column.id !== id);
  }
  return kept;
}

/** The widths with one of them set, or as usual again. */
export function withWidth(widths: Readonly<Record<string, number>>, id: string, pixels: number | null) {
  const others = Object.fromEntries(Object.entries(widths).filter(([one]) => one !== id));
  return pixels === null ? others : { ...others, [id]: boundedWidth(pixels) };
}

/** What was kept of a table, as far as it is known. */
export function lookFrom(kept: unknown, all: readonly TableColumn[], usual: readonly string[]): TableLook {
  const { columns, widths, density } =
    typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  const known = Array.isArray(columns)
    ? columns.filter((id): id is string => all.some((one) => one.id === id))
    : [];
  const given = typeof widths === 'object' && widths !== null ? Object.entries(widths) : [];
  return {
    columns: known.length ? [...new Set(known)] : [...usual],
    widths: Object.fromEntries(
      given.flatMap(([id, width]): [string, number][] =>
        typeof width === 'number' && Number.isFinite(width) ? [[id, boundedWidth(width)]] : [],
      ),
    ),
    density: typeof density === 'string' && density in DENSITIES ? (density as Density) : 'usual',
  };
}
