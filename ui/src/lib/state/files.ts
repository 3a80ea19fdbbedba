// Files a person takes along or brings. The program asks where they are; what leaves with somebody's name on it is kept in
// the audit trail.
import type { Commands } from '../host/generated/commands';
import type { Host, Problem } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import { separator } from '../separator';

/** What the audit trail says of a file that was taken along: what kind of thing, and of whom or what. */
export interface Trail {
  what: string;
  target: string;
}

export class Files {
  constructor(private readonly host: Host) {}

  /** Each gives where it was written; `null` when the person thought better of it. */
  async saveTable(
    file: Omit<Commands['save_table']['args'], 'separator'>,
    trail?: Trail,
  ): Promise<string | null> {
    return this.#kept(await this.host.ask('save_table', { ...file, separator: separator() }), trail);
  }

  async savePage(file: Commands['save_page']['args'], trail?: Trail): Promise<string | null> {
    return this.#kept(await this.host.ask('save_page', file), trail);
  }

  async saveJson(file: Commands['save_json']['args'], trail?: Trail): Promise<string | null> {
    return this.#kept(await this.host.ask('save_json', file), trail);
  }

  async #kept(path: string | null, trail?: Trail): Promise<string | null> {
    if (path !== null && trail) await this.host.ask('exported', { ...trail, path });
    return path;
  }

  /** The text of a file the person chooses; `null` when none was chosen. */
  openTable(title: string): Promise<string | null> {
    return this.host.ask('open_table', { title });
  }

  openJson(title: string): Promise<string | null> {
    return this.host.ask('open_json', { title });
  }

  /** How something asked for here ended, for whoever has words for either end. */
  async outcome<T>(asked: Promise<T | null>): Promise<{ done: T | null; problem: Problem | null }> {
    try {
      return { done: await asked, problem: null };
    } catch (error) {
      return { done: null, problem: asProblem(error) };
    }
  }

  /** Shows a file that was written, or a folder that files were put into, in the system's file manager. */
  show(path: string): Promise<Problem | null> {
    return failureOf(() => this.host.ask('show_file', { path }));
  }

  /** Where a folder is. */
  folder(title: string): Promise<string | null> {
    return this.host.ask('pick_folder', { title });
  }
}
