// What parts the cells of a spreadsheet's file: where decimals have a comma, a semicolon does.
import type { Separator } from './host/host';
import { i18n } from './state/i18n.svelte';

export const separator = (): Separator =>
  new Intl.NumberFormat(i18n.locale).format(1.5).includes(',') ? 'semicolon' : 'comma';
