// The keys of the window: one list, so that the help can show what works where. Physical positions, so that `[ ] < >` need no
// AltGr on Spanish and Portuguese keyboards. Off while a text field has the focus.
import type { TextKey } from './i18n.svelte';

export interface Binding {
  /** `KeyboardEvent.code`, with `Shift+` or `Ctrl+` before it when that is held. */
  codes: string[];
  /** How the key is written for people. */
  shown: string;
  label: TextKey;
  run: (event: KeyboardEvent) => void;
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

/** Whether what has the focus does something itself with this key. */
function taken({ target, code }: KeyboardEvent): boolean {
  // The keys of the keyboard's player are for the player, wherever the focus is.
  if (!(target instanceof Element) || code.startsWith('Media')) return false;
  if (target.closest(OWN_KEYS)) return true;
  if (/^(Space|Enter|NumpadEnter)$/.test(code)) return target.closest(PRESSED) !== null;
  return code.startsWith('Arrow') && target.matches('input[type="radio"], [role="radio"]');
}

export function codeOf(event: KeyboardEvent): string {
  const held = event.ctrlKey ? 'Ctrl' : event.shiftKey ? 'Shift' : '';
  return held && !event.code.startsWith(held) ? `${held}+${event.code}` : event.code;
}

class Keys {
  groups = $state.raw<{ title: TextKey; bindings: Binding[] }[]>([]);
  help = $state(false);

  /** Adds keys for as long as what they belong to is shown; gives back what takes them away. */
  add(title: TextKey, bindings: Binding[]): () => void {
    const group = { title, bindings };
    this.groups = [...this.groups, group];
    return () => (this.groups = this.groups.filter((other) => other !== group));
  }

  handle = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.key === 'Escape' && this.help) {
      this.help = false;
      event.preventDefault();
      return;
    }
    // It types nothing: it helps wherever one is, but not behind a sheet, which holds the focus.
    if (event.key === 'F1' && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      if (this.help || !document.querySelector('dialog[open]')) this.help = !this.help;
      return;
    }
    // What is held with Ctrl types nothing.
    if (typing(event.target) && !event.ctrlKey) return;
    if (event.key === '?') {
      this.help = !this.help;
      event.preventDefault();
      return;
    }
    if (taken(event)) return;
    const code = codeOf(event);
    for (const group of [...this.groups].reverse()) {
      const binding = group.bindings.find((one) => one.codes.includes(code));
      if (binding) {
        binding.run(event);
        event.preventDefault();
        return;
      }
    }
  };
}

export const keys = new Keys();
