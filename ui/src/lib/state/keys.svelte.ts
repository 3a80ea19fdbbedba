// The keys of the window: what is heard now, by the one table and what was chosen in place of it. Off while a text field has
// the focus.
import type { ChosenKey } from '../host/host';
import { ACTION_IDS, type ActionId, actionOf, together } from '../key-table';
import { codeOf, eachOf, isFamily, written } from '../key-words';

export type Run = (event: KeyboardEvent) => void;
/** `null`: heard by others, and only shown. */
export type Runs = Partial<Record<ActionId, Run | null>>;

/** A key of an action: one, or several that are written alike. */
export interface Key {
  shown: string;
  codes: readonly string[];
}

export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['button', 'checkbox', 'radio', 'range'].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

/** What Enter and Space press. */
const PRESSED = 'button, summary, select, input, textarea, a[href], [role="button"], [role="checkbox"]';
/** What has keys of its own: what lies under it does not hear them. */
const OWN_KEYS = 'dialog, [role="dialog"], [data-keys="own"]';
/** They write nothing, wherever the focus is. */
const WRITES_NOTHING = /^F\d+$/;

/** Whether what has the focus does something itself with this key. */
function taken({ target, code, altKey }: KeyboardEvent): boolean {
  // The keys of the keyboard's player are for the player, and the way to another room is open, wherever the focus is.
  if (!(target instanceof Element) || code.startsWith('Media') || altKey) return false;
  // Nothing is done behind a sheet, also where a click beside its fields left the focus nowhere.
  if (target.closest(OWN_KEYS) || document.querySelector('dialog[open]')) return true;
  if (/^(Space|Enter|NumpadEnter)$/.test(code)) return target.closest(PRESSED) !== null;
  return code.startsWith('Arrow') && target.matches('input[type="radio"], [role="radio"]');
}

/** Kept for what every program does with them, and for moving on. */
const EVERYBODYS =
  /^(Escape|Tab|Shift\+Tab|Ctrl\+Key[ACVXZ]|Ctrl\+Shift\+KeyZ|ContextMenu|Meta\w*|Media\w*|)$/;
export const isEverybodys = (code: string): boolean => EVERYBODYS.test(code);

const usualKeys = (id: ActionId): Key[] =>
  actionOf(id).keys.map((key) => {
    if (typeof key === 'string') return { shown: written(key), codes: [key] };
    const [shown, ...codes] = key;
    return { shown, codes };
  });

const codesOf = (keys: readonly Key[]) => keys.flatMap((key) => key.codes.flatMap(eachOf));

/** A key of an action that another one has as well. */
export interface Clash {
  key: string;
  with: ActionId;
}

class Keys {
  groups = $state.raw<Runs[]>([]);
  help = $state(false);
  /** In place of the usual ones. */
  chosen = $state.raw<Partial<Record<string, readonly ChosenKey[]>>>({});

  /** Hears these for as long as what they belong to is shown; gives back what ends it. What was added last comes first. */
  add(runs: Runs): () => void {
    this.groups = [...this.groups, runs];
    return () => (this.groups = this.groups.filter((other) => other !== runs));
  }

  changed = (id: ActionId): boolean => !actionOf(id).fixed && this.chosen[id] !== undefined;

  of = (id: ActionId): Key[] => {
    const chosen = actionOf(id).fixed ? undefined : this.chosen[id];
    return chosen?.map(({ code, shown }) => ({ shown, codes: [code] })) ?? usualKeys(id);
  };

  /** Its keys, written; nothing when it has none. */
  shown = (id: ActionId): string =>
    this.of(id)
      .map((key) => key.shown)
      .join(' ');

  /** The first of them: for a button, on which there is little room. */
  first = (id: ActionId): string => this.of(id)[0]?.shown ?? '';

  /** One of a family of digits. */
  digit = (id: ActionId, digit: number): string => this.first(id).replace(/\d–\d/, String(digit));

  /** What a button does, and its keys behind it. */
  hint = (text: string, id: ActionId): string => [text, this.shown(id)].filter(Boolean).join(' · ');

  hears = (id: ActionId, event: KeyboardEvent): boolean => {
    const code = codeOf(event);
    const letter = event.ctrlKey || event.altKey ? '' : event.key;
    return codesOf(this.of(id)).some((one) => one === code || (one.length === 1 && one === letter));
  };

  /** Another action that is heard at the same time and has this key too, save what is meant to be nearer than the other. */
  clash(id: ActionId, code: string): ActionId | null {
    const wanted = eachOf(code);
    const usual = codesOf(usualKeys(id));
    const meant = wanted.every((one) => usual.includes(one));
    const other = ACTION_IDS.find((other) => {
      if (other === id || !together(actionOf(id).place, actionOf(other).place)) return false;
      if (!codesOf(this.of(other)).some((one) => wanted.includes(one))) return false;
      const theirs = codesOf(usualKeys(other));
      return !(meant && wanted.some((one) => theirs.includes(one)));
    });
    return other ?? null;
  }

  #first(id: ActionId, all: readonly Key[]): Clash | null {
    for (const { shown, codes } of all) {
      for (const code of codes) {
        const other = this.clash(id, code);
        if (other) return { key: shown, with: other };
      }
    }
    return null;
  }

  /** The first of its keys that another action has as well. */
  clashOf = (id: ActionId): Clash | null => this.#first(id, this.of(id));
  /** The first of its usual keys that another action has by now. */
  usualClash = (id: ActionId): Clash | null => this.#first(id, usualKeys(id));

  /** What is heard now, as it is heard: what something nearer has taken is not among it. */
  heard(): { id: ActionId; keys: Key[] }[] {
    const gone = new Set<string>();
    const found = new Map<ActionId, Key[]>();
    const ids = this.groups.toReversed().flatMap((group) => Object.keys(group) as ActionId[]);
    for (const id of ids) {
      const keys = this.of(id).filter((key) => codesOf([key]).some((code) => !gone.has(code)));
      for (const code of codesOf(this.of(id))) gone.add(code);
      if (keys.length) found.set(id, keys);
    }
    return ACTION_IDS.flatMap((id) => (found.has(id) ? [{ id, keys: found.get(id) ?? [] }] : []));
  }

  handle = (event: KeyboardEvent): void => {
    if (event.metaKey || event.defaultPrevented) return;
    // It writes another letter.
    if (event.getModifierState('AltGraph')) return;
    if (event.key === 'Escape' && this.help) {
      this.help = false;
      event.preventDefault();
      return;
    }
    // What is held with Ctrl or Alt types nothing.
    if (typing(event.target) && !event.ctrlKey && !event.altKey && !WRITES_NOTHING.test(event.code)) return;
    const helps = this.help || this.groups.some((group) => group.help);
    if (helps && this.hears('help', event)) {
      // Not behind a sheet, which holds the focus.
      if (this.help || !document.querySelector('dialog[open]')) this.help = !this.help;
      event.preventDefault();
      return;
    }
    if (taken(event)) return;
    for (const group of this.groups.toReversed()) {
      const id = (Object.keys(group) as ActionId[]).find((one) => this.hears(one, event));
      const run = id && group[id];
      if (!run) continue;
      run(event);
      event.preventDefault();
      return;
    }
  };
}

export const keys = new Keys();

/** The key of an event as it is kept for an action; `null` for one that is held with another. A digit stands for its family
 *  where the action has one. */
export function keyOf(event: KeyboardEvent, id: ActionId): ChosenKey | 'digit' | null {
  if (/^(Control|Shift|Alt|Meta|AltGraph|CapsLock)/.test(event.key)) return null;
  const family = actionOf(id)
    .keys.flatMap((key) => (typeof key === 'string' ? [key] : key.slice(1)))
    .find(isFamily);
  let code = codeOf(event);
  if (family) {
    if (!/(Digit|Numpad)\d$/.test(code)) return 'digit';
    code = code.replace(/\d$/, family.slice(-3));
  }
  return { code, shown: written(code, family ? undefined : event.key) };
}
