// Who is signed in, and the form to sign in with.
import type { Host, Problem, SessionState, SignInRequest } from '../host/host';
import { asProblem } from '../host/host';

export class Session {
  state = $state.raw<SessionState | null>(null);
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  constructor(
    private readonly host: Host,
    /** Hears of every state. */
    private readonly onstate: (state: SessionState) => void = () => undefined,
  ) {}

  async start(): Promise<void> {
    this.#take(await this.host.ask('session_state', {}));
    await this.host.stream('session_watch', {}, (state) => this.#take(state));
  }

  /** Unless a newer one was heard: signing in ends a session first, and that may be told after the answer. */
  #take(state: SessionState): void {
    if (this.state && state.turn < this.state.turn) return;
    this.state = state;
    this.onstate(state);
  }

  /** True when it worked; otherwise `problem` says why. Asked once: a wrong password is never repeated by itself. */
  async signIn(request: SignInRequest): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      this.#take(await this.host.ask('sign_in', { request }));
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The demonstration, in a window of its own; gives whether it opens. */
  async openDemonstration(): Promise<boolean> {
    this.problem = null;
    try {
      await this.host.ask('demonstration_open', {});
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  async signOut(): Promise<void> {
    this.busy = true;
    try {
      this.#take(await this.host.ask('sign_out', {}));
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  }

  async removeProfile(id: string): Promise<void> {
    try {
      this.#take(await this.host.ask('profile_remove', { id }));
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}
