// What parts the cells of a spreadsheet's file, and the decimals in them: where decimals have a comma, a semicolon parts cells.
import type { Separator } from './host/host';
import { i18n } from './state/i18n.svelte';

export const separator = (): Separator =>
  new Intl.NumberFormat(i18n.locale).format(1.5).includes(',') ? 'semicolon' : 'comma';

/** A figure as the spreadsheet of that language reads one, with two decimals; nothing where it is not known. */
export function figureCell(value: number | null): string {
  if (value === null) return '';
  const text = value.toFixed(2);
  return separator() === 'semicolon' ? text.replace('.', ',') : text;
}
