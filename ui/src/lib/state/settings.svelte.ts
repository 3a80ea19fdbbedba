// What the person chose. Every change is kept at once; a change that could not be kept says so.
import type { Host, Problem, Settings } from '../host/host';
import { asProblem } from '../host/host';
import { VIEWS } from './floor-view';
import { i18n, systemLocale } from './i18n.svelte';
import { namedFrom } from './named';
import { SEARCHES } from './saved-searches';

export class SettingsState {
  value = $state.raw<Settings | null>(null);
  problem = $state.raw<Problem | null>(null);
  savedAt = $state(0);
  devices = $state.raw<string[]>([]);
  /** Views of the floor, and searches of calls, under a name. */
  views = $derived.by(() => namedFrom(VIEWS, this.value?.views));
  searches = $derived.by(() => namedFrom(SEARCHES, this.value?.searches));
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
      this.value = settings;
      this.#apply();
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

  async change(parts: Partial<Settings>): Promise<void> {
    if (!this.value) return;
    this.value = { ...this.value, ...parts };
    this.#apply();
    try {
      this.value = await this.host.ask('settings_set', { settings: this.value });
      this.problem = null;
      this.savedAt = Date.now();
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.#apply();
  }

  #apply(): void {
    const settings = this.value;
    if (!settings) return;
    i18n.set(settings.language ?? systemLocale(navigator.languages));
    const dark = settings.theme === 'dark' || (settings.theme === 'system' && this.#dark?.matches === true);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }
}
