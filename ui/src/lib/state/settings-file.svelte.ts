// The settings as one file: written, looked into before anything changes, taken, and taken back once.
import type { Host, Problem, SettingsFound } from '../host/host';
import { failureOf } from '../host/host';
import type { SettingsState } from './settings.svelte';

export class SettingsFileState {
  /** The file that would be taken. */
  found = $state.raw<SettingsFound | null>(null);
  /** The one last taken, which can be taken back. */
  taken = $state.raw<SettingsFound | null>(null);
  /** Where the settings were written to last. */
  written = $state.raw<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  constructor(
    private readonly host: Host,
    private readonly settings: SettingsState,
  ) {}

  async #trying(work: () => Promise<void>): Promise<void> {
    this.problem = this.written = null;
    this.busy = true;
    this.problem = await failureOf(work);
    this.busy = false;
  }

  save(title: string, name: string): Promise<void> {
    return this.#trying(
      async () => void (this.written = await this.host.ask('settings_save', { title, name })),
    );
  }

  pick(title: string): Promise<void> {
    return this.#trying(async () => void (this.found = await this.host.ask('settings_pick', { title })));
  }

  leave(): void {
    this.found = null;
  }

  /** What was shown is what is taken: the file is not read again. */
  take(): Promise<void> {
    return this.#trying(async () => {
      const { found } = this;
      if (!found) return;
      await this.#change(found.parts);
      this.taken = found;
      this.found = null;
    });
  }

  takeBack(): Promise<void> {
    return this.#trying(async () => {
      const { taken } = this;
      if (!taken) return;
      await this.#change(taken.before);
      this.taken = null;
    });
  }

  async #change(parts: SettingsFound['parts']): Promise<void> {
    await this.settings.change(parts);
    if (this.settings.problem) throw this.settings.problem;
  }
}
