// The window for as long as it lives: settings, who is signed in, wallboards; and the session under way, when there is one.
import type { Commands } from '../host/generated/commands';
import type { Host, Problem, SessionState } from '../host/host';
import { asProblem } from '../host/host';
import { breakage } from './breakage.svelte';
import { Drafts } from './drafts';
import { i18n, systemLocale } from './i18n.svelte';
import { Session } from './session.svelte';
import { SignInForm } from './sign-in-form.svelte';
import { SettingsState } from './settings.svelte';
import { SupportState } from './support.svelte';
import { SignedIn } from './signed-in.svelte';
import { nextSize, USUAL_SIZE } from '../text-size';
import { WallsList } from './walls-list.svelte';

export class App {
  /** Why the program behind the window could not start. */
  broken = $state.raw<Problem | null>(null);
  /** All that belongs to the account signed in; `null` while nobody is. */
  signedIn = $state.raw<SignedIn | null>(null);
  readonly session: Session;
  readonly settings: SettingsState;
  readonly walls: WallsList;
  /** Text being typed outlives the session it was typed in: its last word may come after the end. */
  readonly drafts: Drafts;
  readonly support: SupportState;
  /** What the tray was told, as text: it is told again only what is different. */
  #tray = '';

  constructor(readonly host: Host) {
    breakage.writeTo(host);
    this.drafts = new Drafts(host);
    this.support = new SupportState(host, this.drafts);
    this.session = new Session(host, (state) => this.#follow(state));
    this.settings = new SettingsState(host);
    this.walls = new WallsList(host, this.settings);
  }

  /** Opens everything; when the program could not, the window says why. */
  async start(): Promise<void> {
    try {
      await this.settings.start();
      await this.session.start();
    } catch (error) {
      // Without settings there is no chosen language either.
      if (!this.settings.value) i18n.set(systemLocale(navigator.languages));
      this.broken = asProblem(error);
    }
    await this.host.ask('window_ready', {});
    await this.support.look();
  }

  /** Everything in the window is as large as somebody chose. */
  showTextSize(percent: number): void {
    this.host.ask('text_size', { percent }).catch(() => undefined);
  }

  /** Text a step larger or smaller; 0: as usual. */
  resizeText(by: 1 | -1 | 0): void {
    const now = this.settings.value?.textSize ?? USUAL_SIZE;
    const next = by === 0 ? USUAL_SIZE : nextSize(now, by);
    if (next !== now) void this.settings.change({ textSize: next });
  }

  /** The tray speaks the window's language. */
  tellTray(words: Commands['tray_words']['args']): void {
    const told = JSON.stringify(words);
    if (told === this.#tray) return;
    this.#tray = told;
    this.host.ask('tray_words', words).catch(() => (this.#tray = ''));
  }

  /** Messages to a chat are in a language of their own. */
  tellChat(words: Commands['webhook_words']['args']['words']): void {
    this.host.ask('webhook_words', { words }).catch(() => undefined);
  }

  /** The window can be seen, or not. */
  hide(hidden: boolean): void {
    this.signedIn?.alerts.seen(!hidden);
    this.host.ask('floor_hidden', { hidden }).catch(() => undefined);
  }

  /** A form to sign in with. */
  signInForm(): SignInForm {
    return new SignInForm(this.host, this.session);
  }

  /** One session, one object: another account has nothing of the one before. */
  #follow({ signedIn, profile }: SessionState): void {
    const account = profile?.id ?? null;
    const before = this.signedIn;
    if (before && signedIn && before.account === account) return;
    before?.end();
    this.signedIn = signedIn ? new SignedIn(this, account) : null;
    this.signedIn?.start().catch((error: unknown) => (this.broken = asProblem(error)));
  }
}
