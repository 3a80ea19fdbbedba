// Keys as events say them, as they are kept, and as they are written for people.
import { t, type TextKey } from './state/i18n.svelte';

const FAMILY = /(Digit|Numpad)(\d)-(\d)$/;

const SIGNS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Backspace: '⌫',
  Escape: 'Esc',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  IntlBackslash: '<',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Minus: '−',
  Equal: '=',
  NumpadAdd: 'Num +',
  NumpadSubtract: 'Num −',
  NumpadMultiply: 'Num *',
  NumpadDivide: 'Num /',
  NumpadDecimal: 'Num .',
  NumpadEnter: 'Num Enter',
};

/** Keys that have another word on the keyboards of another language. */
const NAMED: Partial<Record<string, TextKey>> = {
  Space: 'key_space',
  Home: 'key_home',
  End: 'key_end',
  PageUp: 'key_page_up',
  PageDown: 'key_page_down',
  Delete: 'key_delete',
};

/** The key of an event, with those held before it. */
export function codeOf(event: KeyboardEvent): string {
  const held = [
    [event.ctrlKey, 'Control', 'Ctrl+'],
    [event.altKey, 'Alt', 'Alt+'],
    [event.shiftKey, 'Shift', 'Shift+'],
  ] as const;
  return held.map(([on, own, text]) => (on && !event.code.startsWith(own) ? text : '')).join('') + event.code;
}

/** Each key of a family of digits, else the one. */
export function eachOf(code: string): string[] {
  const [tail, kind, from, until] = FAMILY.exec(code) ?? [];
  if (!tail) return [code];
  const head = code.slice(0, -tail.length);
  const first = Number(from);
  return Array.from(
    { length: Number(until) - first + 1 },
    (_, at) => `${head}${kind ?? ''}${String(first + at)}`,
  );
}

export const isFamily = (code: string): boolean => FAMILY.test(code);

/** The digit of the key pressed. */
export const digitOf = (event: KeyboardEvent): number => Number(event.code.slice(-1));

/** How a key is written; `own` is what is on this keyboard's key. */
export function written(code: string, own?: string): string {
  const at = code.lastIndexOf('+') + 1;
  const [head, base] = [code.slice(0, at), code.slice(at)];
  const held = head.replace('Shift+', '⇧ ').replaceAll('+', ' ');
  return held + baseOf(base, own);
}

function baseOf(base: string, own: string | undefined): string {
  const family = FAMILY.exec(base);
  if (family) return `${family[1] === 'Numpad' ? 'Num ' : ''}${family[2] ?? ''}–${family[3] ?? ''}`;
  const named = NAMED[base];
  if (named) return t(named);
  // What a dead key would write is not known, nor what a key does that writes nothing.
  if (own && own.length === 1 && own !== ' ' && !base.startsWith('Numpad') && !base.startsWith('Digit'))
    return own.toUpperCase();
  return SIGNS[base] ?? base.replace(/^(Key|Digit)/, '').replace(/^Numpad/, 'Num ');
}
