// What the person chose. Every change is kept at once; a change that could not be kept says so.
import type { Host, Problem, Rule, Settings } from '../host/host';
import { asProblem } from '../host/host';
import { VIEWS } from './floor-view';
import { i18n, systemLocale } from './i18n.svelte';
import { keys } from './keys.svelte';
import { namedFrom } from './named';
import { SEARCHES } from './saved-searches';

export class SettingsState {
  value = $state.raw<Settings | null>(null);
  problem = $state.raw<Problem | null>(null);
  savedAt = $state(0);
  devices = $state.raw<string[]>([]);
  /** The rules that hold where nothing was chosen. */
  usualRules = $state.raw<Rule[]>([]);
  /** Views of the floor, and searches of calls, under a name. */
  views = $derived.by(() => namedFrom(VIEWS, this.value?.views));
  searches = $derived.by(() => namedFrom(SEARCHES, this.value?.searches));
  /** Chosen, and not answered yet; what comes meanwhile is older. */
  #underway: Partial<Settings> = {};
  /** Chosen while a choice is under way: all of it goes with the next. */
  #next: Partial<Settings> | null = null;
  #sending: Promise<void> | null = null;
  #dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

  constructor(private readonly host: Host) {}

  async start(): Promise<void> {
    this.value = await this.host.ask('settings_get', {});
    this.#dark?.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  /** Takes what other windows choose, for as long as this one is there. */
  async follow(): Promise<void> {
    await this.host.stream('settings_watch', {}, (settings) => {
      this.#take(settings);
    });
  }

  /** What the program keeps already because it was chosen elsewhere in the window: the next change must not undo it. */
  know(parts: Partial<Settings>): void {
    if (this.value) this.value = { ...this.value, ...parts };
  }

  /** Where sound can go; none when they cannot be asked. */
  async lookForDevices(): Promise<void> {
    this.devices = await this.host.ask('audio_devices', {}).catch(() => []);
  }

  async lookForUsualRules(): Promise<void> {
    this.usualRules = await this.host.ask('rules_usual', {}).catch(() => []);
  }

  /** Holds at once, and is kept as soon as what was chosen before is: a column being dragged is a few changes, not a
   *  hundred. */
  change(parts: Partial<Settings>): Promise<void> {
    if (!this.value) return Promise.resolve();
    this.#next = { ...this.#next, ...parts };
    this.#take(this.value);
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#next) {
      const parts = (this.#underway = this.#next);
      this.#next = null;
      try {
        const kept = await this.host.ask('settings_change', { parts });
        this.#underway = {};
        this.#take(kept);
        this.problem = null;
        this.savedAt = Date.now();
      } catch (error) {
        // It holds all the same until the program ends.
        this.#underway = {};
        this.problem = asProblem(error);
      }
    }
  }

  #take(settings: Settings): void {
    this.value = { ...settings, ...this.#underway, ...this.#next };
    this.#apply();
  }

  #apply(): void {
    const settings = this.value;
    if (!settings) return;
    keys.chosen = settings.keys;
    i18n.set(settings.language ?? systemLocale(navigator.languages));
    const dark = settings.theme === 'dark' || (settings.theme === 'system' && this.#dark?.matches === true);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }
}
