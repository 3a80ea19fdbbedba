// Everything kept on this computer in one file, and putting such a file back. That ends the session, so this belongs to none.
import type { BackupContent, Host, Problem } from '../host/host';
import { failureOf } from '../host/host';
import type { SettingsState } from './settings.svelte';

export class BackupState {
  /** The file that would be put back. */
  picked = $state.raw<BackupContent | null>(null);
  /** The file last made. */
  made = $state.raw<BackupContent | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  constructor(
    private readonly host: Host,
    private readonly settings: SettingsState,
  ) {}

  async #trying(work: () => Promise<void>): Promise<void> {
    this.problem = this.made = null;
    this.busy = true;
    this.problem = await failureOf(work);
    this.busy = false;
  }

  save(title: string, name: string): Promise<void> {
    return this.#trying(async () => void (this.made = await this.host.ask('backup_save', { title, name })));
  }

  pick(title: string): Promise<void> {
    return this.#trying(async () => void (this.picked = await this.host.ask('backup_pick', { title })));
  }

  leave(): void {
    this.picked = null;
  }

  /** Where the file of before is kept is told at the sign-in. */
  restore(): Promise<void> {
    return this.#trying(async () => {
      if (!this.picked) return;
      await this.host.ask('backup_restore', { path: this.picked.path });
      this.picked = null;
      await this.settings.start();
    });
  }
}
